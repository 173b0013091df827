# How a member joins a cluster that runs or has run.
# needs: bootstrap_guard etcd gate learner members membership pod say settings variables

# members_with_data: the other members with a volume, but for founders that have not started yet.
members_with_data() {
  for other in $(setting other_names); do
    [ -z "$(volume_of "$other")" ] || bootstrap_guards | bootstrap_is_allowed "$other" || printf '%s ' "$other"
  done
}

enter_as_learner() {
  require_others_healthy "not joined"
  own_entry=$(echo "$member_list" | own_lines)
  if ! echo "$own_entry" | is_awaited; then
    remove_old_member_entry "$own_entry"
    [ -z "$(volume_of "$(setting name)")" ] || take_another_folder
    add_learner
  fi
  entry_list=$(members) || fail "not joined: no member of $(setting endpoints) could list the members"
  allow_bootstrap existing "$(echo "$entry_list" | as_initial_cluster)"
  say "joins as a learner"
}
