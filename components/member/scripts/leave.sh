# Takes the member out of its cluster before its machine is given up: stopped first, so that it hands
# its clients and leadership over in order, then removed. Run for nothing else, it does nothing.
# needs: etcd gate members reconfigure rights say settings variables
# backend: never_lived_here note_left runtime_stop
# sets: serving_url

leave() {
  [ "$1" = delete ] || return 0
  if ! leave_list=$(members); then
    never_lived_here || fail "no member of $(setting endpoints) could say whether $(setting name) is one of them; if this machine does not reach them any more, say reachable: false of it first"
    say "was never started"
    return
  fi
  own_id=$(echo "$leave_list" | member_id "$(setting name)")
  if [ -z "$own_id" ]; then
    never_lived_here || note_left
    say "had already been removed from the cluster"
    return
  fi
  require_others_healthy "not removed" "$leave_list"
  # Where they serve by now: they may have moved in the same change, of which this machine has heard
  # nothing.
  serving_url=$(echo "$leave_list" | other_voters | sed 's/.* //' | tr '\n' ',' | sed 's/,$//')
  require_rights "the member $(setting name) stays: "
  # Two of two voters are needed for its removal, so there it goes first and stops then.
  [ "$(echo "$leave_list" | count_voters)" -le 2 ] || runtime_stop
  remove_member "$own_id" "$(setting name)"
  note_left
  say "left the cluster"
}
