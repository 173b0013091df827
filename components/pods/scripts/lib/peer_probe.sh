# Whether any other member may be running.
# needs: ask settings variables
# sets: probed_urls

# nobody_listens: no other member has a pod that runs. Where those who may be there serve is in `probed_urls`.
nobody_listens() {
  probed_urls=$(setting other_client_urls)
  running=$(running_pods)
  for other in $(setting other_names); do
    ! echo "$running" | grep -qxF "$other-0" || return 1
  done
}
