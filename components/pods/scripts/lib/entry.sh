# How a member comes into its cluster: as a founder, as a learner of a cluster that lives, or back with
# the volume that it had.

# enter_cluster: opens the door, once somebody else has said what is behind it.
enter_cluster() {
  if ! cluster_lives; then
    enter_as_founder
  elif entry_list=$(members); then
    enter_living
  else
    fail "not started: a cluster lives, but has no quorum to say whether this member is part of it; bring its other members back first"
  fi
}

enter_as_founder() {
  if [ -n "$(volume_of "$(setting name)")" ] && is_shut "$(setting name)"; then
    kept=$(folder_of_volume)
    [ -z "$kept" ] || use_folder "$kept"
    say "starts from its volume"
    return
  fi
  lived=$(those_who_lived)
  if [ -n "$lived" ]; then
    say "has no volume, and waits for ${lived}who have"
    return
  fi
  [ -n "$(setting founder)" ] && [ -z "$(setting founding_differs)" ] ||
    fail "not started: no member of the cluster answers; it $(setting founding_differs). Bring its members back. Only if none has ever been started, forget the former: pulumi up --target-replace '$(setting founding_urn)'"
  open_door new "$(setting founders)"
  say "enters as a founder"
}

# those_who_lived: the other members with a volume, unless they are founders as well.
those_who_lived() {
  for other in $(setting other_names); do
    [ -z "$(volume_of "$other")" ] || is_open "$other" || printf '%s ' "$other"
  done
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
      open_door new "$(setting founders)"
      say "enters as a founder"
      ;;
    *) say "is a member already" ;;
  esac
}

enter_as_learner() {
  require_others_healthy "not joined"
  if ! echo "$own_entry" | is_awaited; then
    remove_former_self
    [ -z "$(volume_of "$(setting name)")" ] || take_another_folder
    add_learner
  fi
  entry_list=$(members) || fail "not joined: no member of $(setting endpoints) could list the members"
  open_door existing "$(echo "$entry_list" | awk -F ', ' -v me="$(setting name)" -v url="$(setting peer_url)" '
    { printf "%s%s=%s", (NR > 1 ? "," : ""), ($4 == url ? me : ($3 == "" ? $1 : $3)), $4 }')"
  say "joins as a learner"
}

remove_former_self() {
  for former_id in $(echo "$own_entry" | sed 's/,.*//'); do
    remove_member "$former_id" "$(setting name)"
    say "its former self left the cluster, as its data is gone"
  done
}
