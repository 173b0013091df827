# Every wait has a deadline; the caller says what it waited for.

# wait_until DEADLINE_S COMMAND…: polls once a second, as each look starts a kubectl, which costs two tenths of
# a second of a processor; non-zero when the deadline has passed.
wait_until() {
  set -- "$(($(date +%s) + $1))" "$@"
  until wait_once "$@"; do
    [ "$(date +%s)" -lt "$1" ] || return 1
    sleep 1
  done
}

# wait_once END DEADLINE_S COMMAND…: one wait may be within another.
wait_once() {
  shift 2
  "$@"
}
