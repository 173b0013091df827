# Whether anybody else is there at all, which a first creation has to know quickly.
# needs: ask gate settings sockets

# nobody_listens: known without waiting, by the sockets where all others would be on this machine,
# otherwise by machines that refuse the connection. Where those who may be there serve is in `there`.
nobody_listens() {
  there=$(setting other_client_urls)
  neighbours=$(setting neighbour_sockets)
  if [ -n "$neighbours" ]; then
    ! listening "$neighbours"
  else
    # shellcheck disable=SC2034 # read by ask
    there=$(ask_timeout_ms=$(setting refusal_timeout_ms) && those_that may_be_there "$there" | tr '\n' ',')
    [ -z "$there" ]
  fi
}

# may_be_there URL: anything but a refused connection.
may_be_there() {
  ! ask "$1" endpoint status | grep -q 'connection refused'
}
