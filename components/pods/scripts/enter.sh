# Before there is a pod: what the member may enter when it starts without data. As a founder, as a learner of
# a cluster that lives, or back with the volume that it had; somebody else says which.
# needs: bootstrap_guard entry etcd gate members pod say settings

enter() {
  [ "$1" = create ] || return 0
  if ! cluster_is_running; then
    enter_as_founder
  elif entry_list=$(members); then
    enter_living
  else
    fail "not started: a cluster is running but has no quorum, so its members cannot be listed; start its other members first"
  fi
}

enter_as_founder() {
  if [ -n "$(volume_of "$(setting name)")" ] && bootstrap_guards | bootstrap_is_forbidden "$(setting name)"; then
    kept=$(folder_of_volume)
    [ -z "$kept" ] || use_folder "$kept"
    say "starts from its volume"
    return
  fi
  lived=$(members_with_data)
  if [ -n "$lived" ]; then
    say "has no volume, and waits for the members that have one: ${lived% }"
    return
  fi
  [ -n "$(setting founder)" ] && [ -z "$(setting bootstrap_differs)" ] ||
    fail "not started: no member of the cluster answers; it $(setting bootstrap_differs). Start its members. Only if none was ever started, forget the bootstrap record: pulumi up --target-replace '$(setting bootstrap_urn)'"
  allow_bootstrap new "$(setting founders)"
  say "enters as a founder"
}

# enter_living, with the list of members in `entry_list`
enter_living() {
  own_entry=$(echo "$entry_list" | own_lines)
  case $own_entry in
    *', true' | '') enter_as_learner ;;
    # A founder whose turn comes after a majority has started.
    *', , false')
      [ -n "$(setting founder)" ] ||
        fail "not started: it is listed as a voter that never started, and was no founder; remove it with etcdctl member remove ${own_entry%%,*}"
      allow_bootstrap new "$(setting founders)"
      say "enters as a founder"
      ;;
    *) say "is a member already" ;;
  esac
}
