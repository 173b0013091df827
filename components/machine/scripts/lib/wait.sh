# Every wait has a deadline; the caller says what it waited for.

# wait_until DEADLINE_S COMMAND…: polls ten times a second; non-zero when the deadline has passed.
wait_until() {
  wait_end=$(($(date +%s) + $1))
  shift
  until "$@"; do
    [ "$(date +%s)" -lt "$wait_end" ] || return 1
    sleep 0.1
  done
}
