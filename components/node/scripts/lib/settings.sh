# Settings are data, never code: they are looked up, not sourced.

# setting NAME: prints its value; an absent setting is a fault of the payload.
setting() {
  while IFS='=' read -r key value; do
    if [ "$key" = "$1" ]; then
      echo "$value"
      return
    fi
  done <"${payload:?}/settings"
  echo "error: the payload has no setting $1" >&2
  exit 70
}
