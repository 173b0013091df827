# etcd's own way to an older minor: the cluster is told first, and its data made readable for it.

# allow_downgrade RELEASE, from that release: before one of the older minor starts, members write what
# it reads. In a cluster that has not wholly gone up they still do.
allow_downgrade() {
  # That of 3.5 knows of no downgrade.
  # shellcheck disable=SC2034 # read by ask
  ask_version=$1
  target=$(minor_of "$(setting version)")
  if ! storage_is_ready; then
    [ "$(own_status DowngradeEnabled)" = true ] || enable_downgrade
    wait_until "$(setting start_timeout_s)" storage_is_ready ||
      fail "not restarted: its data is not ready for etcd $target after $(setting start_timeout_s) s, but of version $(own_status StorageVersion)"
  fi
  unset ask_version
}

enable_downgrade() {
  told=$(ask "$(setting client_url)" downgrade validate "$target" &&
    ask "$(setting client_url)" downgrade enable "$target") ||
    fail "not restarted: the cluster cannot go down to etcd $target: $(echo "$told" | tail -n 1)"
  say "the cluster goes down to etcd $target (etcdctl downgrade cancel would end that)"
}

storage_is_ready() {
  [ "$(own_status StorageVersion)" = "$target.0" ]
}

# own_status FIELD
own_status() {
  ask "$(setting client_url)" endpoint status --write-out=fields | status_field "$1"
}

# cancel_downgrade: one that was begun and is not wanted any more would keep the cluster down for
# ever. Members that are down already do not know of it; those that are not are asked.
cancel_downgrade() {
  going_down=$(ask "$(setting endpoints)" endpoint status --write-out=fields | awk -F ' : ' '
    $1 == "\"Endpoint\"" { gsub(/"/, "", $2); url = $2 }
    $1 == "\"DowngradeEnabled\"" && $2 == "true" { print url; exit }')
  [ -n "$going_down" ] || return 0
  told=$(ask "$going_down" downgrade cancel) ||
    fail "not restarted: the downgrade that is going on could not be ended: $(echo "$told" | tail -n 1)"
  say "the downgrade that was going on is cancelled"
}
