# How a question reaches the cluster from a member's own machine.
# needs: etcd places settings sockets variables

# ask ENDPOINTS ETCDCTL-ARGUMENTS…: with the etcdctl of the wanted version, or of `ask_version`.
ask() {
  ask_endpoints=$1
  ask_timeout="${ask_timeout_ms:-$(setting ask_timeout_ms)}ms"
  shift
  "$(setting bin_dir)/${ask_version:-$(setting version)}/etcdctl" --endpoints="$ask_endpoints" \
    --cacert="$(credential ca.pem)" --cert="$(credential maintenance.pem)" \
    --key="$(credential maintenance.key)" --dial-timeout="$ask_timeout" \
    --command-timeout="$ask_timeout" "$@" 2>&1
}

# The files that the member runs with; before the first start those of the payload, and whenever
# credentials_from=payload asks for them.
credential() {
  if [ "${credentials_from:-node}" = node ] && [ -e "$(setting config_dir)/pki/$1" ]; then
    echo "$(setting config_dir)/pki/$1"
  else
    echo "${payload:?}/files/pki/$1"
  fi
}

# is_healthy_itself: first a look at the socket, which is quicker than a refused connection's retries.
is_healthy_itself() {
  listening "$(own_place client_socket)" && is_healthy "$(own_place client_url)"
}

# healthy_url: prints where this member serves in good health, which is its former address until it has
# moved. A move that broke off may have been made.
healthy_url() {
  if is_healthy_itself; then
    own_place client_url
  else
    starting_url=$(noted_place "$(setting state_dir)/starting" client_url) &&
      is_healthy "$starting_url" && echo "$starting_url"
  fi
}

# own_url: where this member serves at this moment.
own_url() {
  echo "${serving_url:-$(own_place client_url)}"
}
