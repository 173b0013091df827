# Removes the member from its cluster before its machine is given up. It stops first, so that its clients
# and its leadership move in order. Only a deletion does anything.
# needs: etcd gate members membership rights say settings variables
# backend: never_started_here note_left runtime_stop
# sets: serving_url

leave() {
  [ "$1" = delete ] || return 0
  if ! leave_list=$(members); then
    never_started_here || fail "no member of $(setting endpoints) could say whether $(setting name) is one of them; if this machine does not reach them any more, set reachable: false for it first"
    say "was never started"
    return
  fi
  own_id=$(echo "$leave_list" | member_id "$(setting name)")
  if [ -z "$own_id" ]; then
    never_started_here || note_left
    say "had already been removed from the cluster"
    return
  fi
  require_others_healthy "not removed" "$leave_list"
  # They may have moved in the same change, which this machine has not been told.
  serving_url=$(echo "$leave_list" | other_voters | sed 's/.* //' | tr '\n' ',' | sed 's/,$//')
  require_rights "the member $(setting name) was not removed: "
  # Of two voters both are needed for the removal, so it comes before the stop there.
  [ "$(echo "$leave_list" | count_voters)" -le 2 ] || runtime_stop
  remove_member "$own_id" "$(setting name)"
  note_left
  say "left the cluster"
}
