# How a member comes into a cluster that lives or has lived.
# needs: bootstrap_guard etcd gate learner members pod reconfigure say settings variables

# those_who_lived: the other members with a volume, unless they are founders as well.
those_who_lived() {
  for other in $(setting other_names); do
    [ -z "$(volume_of "$other")" ] || bootstrap_guards | bootstrap_is_allowed "$other" || printf '%s ' "$other"
  done
}

enter_as_learner() {
  require_others_healthy "not joined"
  own_entry=$(echo "$member_list" | own_lines)
  if ! echo "$own_entry" | is_awaited; then
    remove_former_self "$own_entry"
    [ -z "$(volume_of "$(setting name)")" ] || take_another_folder
    add_learner
  fi
  entry_list=$(members) || fail "not joined: no member of $(setting endpoints) could list the members"
  allow_bootstrap existing "$(echo "$entry_list" | as_initial_cluster)"
  say "joins as a learner"
}
