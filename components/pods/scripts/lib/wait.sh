# Every wait has a deadline; the caller says what it waited for.

# wait_until DEADLINE_S COMMAND…: polls twice a second, as each look starts a kubectl; non-zero when the
# deadline has passed.
wait_until() {
  wait_end=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$wait_end" ] || return 1
    sleep 0.5
  done
}
