# Settings are data, never code: their values are assigned, not sourced.

# read_settings: once for a whole run. To look each of them up in the file, a byte at a time as shells
# read, took a tenth of a restart.
read_settings() {
  while IFS='=' read -r key value; do
    case $key in
      '' | *[!a-z0-9_]*) ;;
      *) eval "setting_$key=\$value" ;;
    esac
  done <"${payload:?}/settings"
  settings_of=$payload
}

# setting NAME: prints its value; an absent setting is a fault of the payload.
setting() {
  [ "${settings_of:-}" = "${payload:?}" ] || read_settings
  eval "[ -n \"\${setting_$1+there}\" ]" || {
    echo "error: the payload has no setting $1" >&2
    exit 70
  }
  eval "echo \"\$setting_$1\""
}
