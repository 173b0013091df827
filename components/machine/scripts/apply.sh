# Brings the member to its desired state: it bootstraps or joins, starts, reloads without a restart, or
# restarts once, through the gate. A rerun changes nothing and says so.
# needs: ask clock defragment etcd files former_members gate generation join learner members membership
# needs: nospace notes places removed_member retired_data say settings shell_profile sockets trust
# needs: upgrade variables wait
# sets: last_output waits_for

apply() {
  require_prepared
  clock_reaches "$(setting valid_from)"
  if has_data && ! finds_health && { has_left || was_removed; }; then
    set_aside_data_of_removed_member
  fi
  ! has_data || note_started_once
  # An earlier run may have stopped after the promotion. A learner never counts as healthy, so a healthy
  # member has finished joining.
  [ -z "${serving_url:-}" ] || forget_joining
  if ! has_data; then
    enter "$1"
  elif member_runs_desired_state; then
    reload
  elif runtime_running; then
    restart
  else
    start
  fi
  generation_use "$(setting generation)"
  generation_prune
  profile_install
  note_members
  require_defragmented
}

# If the engine was killed while it removed the node, its state still calls the node prepared.
require_prepared() {
  [ ! -e "$(setting state_dir)/retired" ] ||
    fail "not started: an earlier removal of this node was interrupted; finish it (\`up\` without this node, or \`destroy\`), then run \`up\` again"
}

# A removed member joins again as a new one. The note `left` is written before the data moves, or an
# interrupted run could bootstrap a second cluster.
set_aside_data_of_removed_member() {
  runtime_stop
  note_left
  kept=$(retired_data_path)
  retire_data_to "$kept"
  make_data_folder
  forget_notes process member
  rm -rf "$(setting config_dir)/joining"
  say "had been removed from the cluster; its data of then is kept in $kept"
}

# The process was started with the desired cold files, flags and binary, and no defragmentation is due.
member_runs_desired_state() {
  ! is_joining && ! defragment_is_due && runs_on "$(setting cold)"
}

# enter MODE: of a member without data. To start empty under an identity that was used before violates
# the safety of Raft. Only a first `create` may bootstrap, and only if no other member answers.
enter() {
  if ! cluster_is_running; then
    require_bootstrap_is_safe "$1"
    start
  elif founded_with_others "$1"; then
    start
  else
    join
  fi
}

require_bootstrap_is_safe() {
  if has_left; then
    fail "not started: this machine's member was removed from its cluster; add one of its remaining members to the stack file. Only if that cluster no longer exists: rm $(setting state_dir)/left"
  fi
  [ ! -e "$(setting state_dir)/lived" ] || refuse_to_start_empty
  [ -z "$(setting bootstrap_differs)" ] ||
    fail "not started: no member of the cluster answers; it $(setting bootstrap_differs). Start its members. Only if none was ever started, forget the bootstrap record: pulumi up --target-replace '$(setting bootstrap_urn)'"
  [ "$1" = create ] || refuse_to_start_empty
}

refuse_to_start_empty() {
  fail "not started: its data folder $(setting data_dir) is missing and no other member answers; a member never starts empty under its old identity. Restore the folder, or start the other members: this one then joins as a new member"
}

# founded_with_others MODE: the others are running, and this member is an initial one that has not
# started yet.
founded_with_others() {
  [ "$1" = create ] && [ -n "$(setting founder)" ] || return 1
  founding_list=$(members) ||
    fail "not started: a cluster is running but has no quorum, so its members cannot be listed; start its other members first"
  echo "$founding_list" | own_lines | awk -F ', ' -v url="$(setting peer_url)" '
    $4 == url && $5 == "" && $6 == "false" { expected++ }
    END { exit !(NR == 1 && expected == 1) }'
}

# etcd reads everything that changed while it runs.
reload() {
  if [ "$(generation_in_use)" = "$(setting generation)" ] && generation_holds; then
    say "unchanged"
    return
  fi
  require_trust
  recovers=true
  [ -z "$serving_url" ] || recovers=serves_with_new_certificates
  former=$(generation_in_use)
  generation_write
  generation_use "$(setting generation)"
  "$recovers" || {
    generation_use "$former"
    last_output=$read_output
    fail "etcd does not answer a read with the new certificates, so the former ones are back: $(last_error)"
  }
  say "certificates or settings replaced, not restarted"
}

# serves_with_new_certificates: etcd reads its certificates for each new connection.
serves_with_new_certificates() {
  wait_until "$(setting gate_timeout_s)" is_healthy_itself
}

restart() {
  recovers=is_healthy_or_waiting
  if is_found_healthy; then
    # To restart a healthy member reduces availability, so it needs the gate. Afterwards only its own
    # health will do: all others were up a moment ago.
    recovers=is_healthy_again
    # The gate would wait for dead members that the stack file no longer lists.
    remove_dead_members is_named
    pass_gate "$member_list"
    require_trust
    before_new_version
    ! defragment_is_due || compact_if_full
    # What was looked at before a snapshot or a compaction may be minutes ago.
    ! gate_was_long_ago || pass_gate
    remember_good
    transfer_leadership
  else
    require_version_may_mend
  fi
  announce_peer_url "$(setting peer_url)" "${member_list:-}"
  generation_write
  waits_for=
  if run_generation "$(setting generation)" runtime_restart && "$recovers"; then
    announce_peer_url_after_start "$(setting peer_url)"
    say "restarted$waits_for"
  else
    go_back "$(runtime_failure)"
  fi
}

# The first start, or the start of a member that was down: availability cannot suffer. etcd opens its
# port before it creates the data folder, and the configuration's link changes after that.
start() {
  starts_empty=yes
  ! has_data || starts_empty=no
  if [ "$starts_empty" = no ]; then
    require_version_may_mend
    [ -n "${quorum_missing:-}" ] || announce_peer_url "$(setting peer_url)"
  fi
  generation_write
  if ! run_generation "$(setting generation)" runtime_start || ! await_peer_port || ! await has_data; then
    fail "etcd does not start: $(runtime_failure)"
  fi
  note_started_once
  if [ "$starts_empty" = yes ]; then
    say "started"
  elif is_healthy_or_waiting; then
    announce_peer_url_after_start "$(setting peer_url)"
    say "started$waits_for"
  else
    fail "etcd started, but did not become healthy within $(setting start_timeout_s) s: $(runtime_failure)"
  fi
}

# run_generation ID runtime_start|runtime_restart. What the process was started with is forgotten
# before and noted after the fact: an interruption in between costs a needless restart, never a
# missed one.
run_generation() {
  rm -f "$(setting state_dir)/started" && note_start_at "$1" &&
    generation_use "$1" && defragment_if_due && "$2" && note_started &&
    write_atomically "$(setting state_dir)/started" <"$(generation_dir "$1")/cold"
}

# await_peer_port: etcd listens for its peers once it has accepted its flags and files.
await_peer_port() {
  await listening "$(own_place peer_socket)"
}

# is_healthy_or_waiting: it is healthy, or has started and waits for members that start later in this
# change.
is_healthy_or_waiting() {
  waits_for=
  await_peer_port || return 1
  if is_joining; then
    wait_for_promotion
  elif enough_others_answer; then
    await is_healthy_itself
  else
    waits_for=", waits for the other members"
  fi
}

is_healthy_again() {
  await is_healthy_itself
}

await() {
  await_within "$(setting start_timeout_s)" "$@"
}

# await_within DEADLINE_S COMMAND…: non-zero when the process ends or the deadline passes, whichever is
# first.
await_within() {
  awaited_pid=$(runtime_pid) || return 1
  awaited_s=$1
  shift
  holds=
  wait_until "$awaited_s" holds_or_ended "$@" && [ -n "$holds" ]
}

holds_or_ended() {
  if "$@"; then
    holds=yes
  else
    [ "$(runtime_pid)" != "$awaited_pid" ]
  fi
}

# go_back REASON: to the files it was healthy on before, so that a change that etcd refuses costs
# one restart of one member and nothing else.
go_back() {
  good=$(last_good)
  if [ -z "$good" ] || [ "$good" = "$(setting generation)" ]; then
    fail "etcd did not become healthy: $1"
  fi
  # The others have its new peer URL by now.
  (announce_peer_url "$(generation_place "$good" peer_url)") || :
  if run_generation "$good" runtime_restart && is_healthy_or_waiting; then
    announce_peer_url_after_start "$(own_place peer_url)"
    fail "etcd did not become healthy with the change, and runs again on its former files: $1"
  fi
  fail "etcd did not become healthy with the change, nor with its former files: $1"
}
