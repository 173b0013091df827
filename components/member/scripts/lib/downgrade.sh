# etcd's own way to an older minor: the cluster is told first, and its data made readable for it.
# needs: etcd releases rights say settings upgrade variables
# backend: ask own_url wait_until
# sets: ask_version last_output

# allow_downgrade RELEASE, from that release: before one of the older minor starts, members write what
# it reads. Where one runs it already, an upgrade is taken back before its end, or this is under way.
allow_downgrade() {
  # That of 3.5 knows of no downgrade.
  ask_version=$1
  target=$(minor_of "$(setting version)")
  some_other_runs_wanted || begin_downgrade "$(minor_of "$1")"
  wait_until "$(setting start_timeout_s)" storage_is_ready ||
    fail "not restarted: its data is not ready for etcd $target after $(setting start_timeout_s) s, but of version $(own_status_field StorageVersion)"
  unset ask_version
}

# begin_downgrade MINOR, from that minor
begin_downgrade() {
  wait_until "$(setting start_timeout_s)" downgrade_may_begin "$1" ||
    fail "not restarted: after $(setting start_timeout_s) s an earlier change of version is not finished: its data is of version $(own_status_field StorageVersion), a downgrade to \"$(own_status_field DowngradeTargetVersion)\" goes on"
  [ "$(own_status_field DowngradeTargetVersion)" != "$target.0" ] || return 0
  last_output=$(ask "$(own_url)" downgrade validate "$target" &&
    ask "$(own_url)" downgrade enable "$target") || {
    need_rights "not restarted: " "$last_output"
    fail "not restarted: the cluster cannot go down to etcd $target: $(echo "$last_output" | tail -n 1)"
  }
  say "downgrade to etcd $target enabled (to cancel it: etcdctl downgrade cancel)"
}

# downgrade_may_begin MINOR: or has begun. etcd needs some seconds to end an upgrade or a downgrade
# after the last member has restarted.
downgrade_may_begin() {
  case "$(own_status_field DowngradeTargetVersion) $(own_status_field StorageVersion)" in
    "$target.0 "* | " $1.0") ;;
    *) return 1 ;;
  esac
}

storage_is_ready() {
  [ "$(own_status_field StorageVersion)" = "$target.0" ]
}

# cancel_downgrade: one that was begun and is not wanted any more would keep the cluster down for
# ever. Members that are down already do not know of it; those that are not are asked.
cancel_downgrade() {
  going_down=$(ask "$(setting endpoints)" endpoint status --write-out=fields | awk -F ' : ' '
    $1 == "\"Endpoint\"" { gsub(/"/, "", $2); url = $2 }
    $1 == "\"DowngradeEnabled\"" && $2 == "true" { print url; exit }')
  [ -n "$going_down" ] || return 0
  last_output=$(ask "$going_down" downgrade cancel) || {
    need_rights "not restarted: " "$last_output"
    fail "not restarted: the downgrade that is going on could not be ended: $(echo "$last_output" | tail -n 1)"
  }
  say "the downgrade that was going on is cancelled"
}
