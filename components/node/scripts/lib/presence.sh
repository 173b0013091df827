# Whether anybody else is there at all, which a first creation has to know quickly.

# nobody_listens: known without waiting, by the sockets where all others would be on this machine,
# otherwise by machines that refuse the connection.
nobody_listens() {
  neighbours=$(setting neighbour_sockets)
  if [ -n "$neighbours" ]; then
    ! listening "$neighbours"
  else
    # shellcheck disable=SC2034 # read by ask
    [ "$(ask_timeout_ms=$(setting refusal_timeout_ms) && count_others may_be_there)" -eq 0 ]
  fi
}

# may_be_there URL: anything but a refused connection.
may_be_there() {
  ! ask "$1" endpoint status | grep -q 'connection refused'
}
