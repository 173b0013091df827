# How a member comes into a cluster that lives: as a learner, which has no vote until it has caught up.
# needs: ask etcd gate generation learner left members peer_probe places reconfigure rights say settings
# needs: trust variables
# sets: serving_url

# join: also for a member whose disk was lost. Its old identity must not start empty, so that one
# leaves, and a new one comes under the same name.
join() {
  require_trust
  require_others_healthy "not joined"
  if ! echo "$member_list" | own_lines | is_awaited; then
    remove_former_self "$(echo "$member_list" | own_lines)"
    add_learner
  fi
  note_lived
  : >"$(setting state_dir)/joining"
  generation_write
  write_joining_configuration
  if ! run_generation "$(setting generation)" runtime_start || ! await_peer_port || ! await has_data; then
    fail "not joined: etcd does not start: $(runtime_failure)"
  fi
  link_configuration
  becomes_voter || {
    need_rights "not joined: " "${last_output:-}"
    fail "not joined: it did not become a voter within $(setting join_timeout_s) s: $(last_error); $(runtime_failure)"
  }
  say "joined"
}

is_joining() {
  [ -e "$(setting state_dir)/joining" ]
}

# Whom etcd finds in its cluster, itself included, is known only now.
write_joining_configuration() {
  joined_list=$(members) || fail "not joined: no member of $(setting endpoints) could list the members"
  initial_cluster=$(echo "$joined_list" | as_initial_cluster)
  rm -rf "$(setting config_dir)/joining"
  # With its modes: OpenRC has etcd read it itself.
  cp -Rp "$(generation_dir "$(setting generation)")/joining" "$(setting config_dir)/joining"
  for config in "$(setting config_dir)/joining"/*; do
    sed "s|@MEMBERS@|$initial_cluster|" "$config" >"$config.new"
    cat "$config.new" >"$config"
    rm "$config.new"
  done
}

# becomes_voter: etcd promotes a learner that has caught up; how long that takes is the database's
# size and the network's affair.
becomes_voter() {
  await_within "$(setting join_timeout_s)" is_promoted || return 1
  forget_joining
  await is_healthy_itself
}

# The note goes last, as long as there is anything to forget.
forget_joining() {
  rm -rf "$(setting config_dir)/joining" "$(setting state_dir)/joining"
}

# announce_address PEER-URL [LIST]: where the others find this member from now on; before it goes there.
# LIST is what `members` said a moment ago.
announce_address() {
  [ -n "${serving_url:-}" ] || ! nobody_listens || return 0
  tell_address "$@"
}

# announce_address_late PEER-URL: by one that could ask nobody before, as it is alone or all were down.
announce_address_late() {
  serving_url=$(own_place client_url)
  [ -n "$waits_for" ] || [ "${announced:-}" = "$1" ] || tell_address "$1"
}

# tell_address PEER-URL [LIST]: what the others know by then is in `announced`.
tell_address() {
  address_list=${2:-$(members)} || return 0
  known_at=$(echo "$address_list" | awk -F ', ' -v me="$(setting name)" '$3 == me { print $1 "," $4 }')
  [ -n "$known_at" ] || return 0
  if [ "${known_at#*,}" != "$1" ]; then
    move_member "${known_at%%,*}" "$1"
    say "now at $1"
  fi
  announced=$1
}
