# Whether any other member may be running, which a first creation has to know quickly.
# needs: ask gate settings sockets variables
# sets: ask_timeout_ms probed_urls

# nobody_listens: known without waiting, by the sockets where all others would be on this machine,
# otherwise by machines that refuse the connection. Where those who may be there serve is in `probed_urls`.
nobody_listens() {
  probed_urls=$(setting other_client_urls)
  neighbours=$(setting neighbour_sockets)
  if [ -n "$neighbours" ]; then
    ! listening "$neighbours"
  else
    probed_urls=$(ask_timeout_ms=$(setting refusal_timeout_ms) && those_that does_not_refuse "$probed_urls" | tr '\n' ',')
    [ -z "$probed_urls" ]
  fi
}

# does_not_refuse URL: anything but a refused connection.
does_not_refuse() {
  ! ask "$1" endpoint status | grep -q 'connection refused'
}
