# How a member joins a running cluster: as a learner, which has no vote until it has caught up.
# needs: ask etcd gate generation learner members membership peer_probe places removed_member rights say
# needs: settings trust variables
# sets: serving_url

# join: also after a lost disk: the old entry is removed from the list of members, and a new member with
# the same name is added.
join() {
  require_trust
  require_others_healthy "not joined"
  if ! echo "$member_list" | own_lines | is_awaited; then
    remove_old_member_entry "$(echo "$member_list" | own_lines)"
    add_learner
  fi
  note_started_once
  : >"$(setting state_dir)/joining"
  generation_write
  write_joining_configuration
  if ! run_generation "$(setting generation)" runtime_start || ! await_peer_port || ! await has_data; then
    fail "not joined: etcd does not start: $(runtime_failure)"
  fi
  link_configuration
  wait_for_promotion || {
    need_rights "not joined: " "${last_output:-}"
    fail "not joined: the learner was not promoted to a voting member within $(setting join_timeout_s) s: $(last_error); $(runtime_failure)"
  }
  say "joined"
}

is_joining() {
  [ -e "$(setting state_dir)/joining" ]
}

# initial-cluster is known only after `member add`.
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

# wait_for_promotion: etcd promotes a learner that has caught up; how long that takes depends on the size of
# the database and on the network.
wait_for_promotion() {
  await_within "$(setting join_timeout_s)" try_promote || return 1
  forget_joining
  await is_healthy_itself
}

# The note `joining` is deleted last, so that an interrupted run repeats this.
forget_joining() {
  rm -rf "$(setting config_dir)/joining" "$(setting state_dir)/joining"
}

# announce_peer_url PEER-URL [LIST]: the others connect there from now on; before this member moves there.
# LIST is what `members` said a moment ago.
announce_peer_url() {
  [ -n "${serving_url:-}" ] || ! nobody_listens || return 0
  update_peer_url "$@"
}

# announce_peer_url_after_start PEER-URL: for a member that could not reach the cluster before its start.
announce_peer_url_after_start() {
  serving_url=$(own_place client_url)
  [ -n "$waits_for" ] || [ "${announced:-}" = "$1" ] || update_peer_url "$1"
}

# update_peer_url PEER-URL [LIST]: the URL that the others have is in `announced` afterwards.
update_peer_url() {
  address_list=${2:-$(members)} || return 0
  known_at=$(echo "$address_list" | awk -F ', ' -v me="$(setting name)" '$3 == me { print $1 "," $4 }')
  [ -n "$known_at" ] || return 0
  if [ "${known_at#*,}" != "$1" ]; then
    update_member "${known_at%%,*}" "$1"
    say "peer URL is now $1"
  fi
  announced=$1
}
