# Brings the member to its desired state: founded or joined, started, a reload without restart, or one
# gated restart. A rerun changes nothing and says so.
# needs: ask clock defragment etcd files former gate generation join learner left members nospace notes
# needs: places reconfigure retired_data say settings shell_profile sockets trust upgrade variables wait
# sets: last_output waits_for

apply() {
  require_prepared
  clock_reaches "$(setting valid_from)"
  if has_data && ! finds_health && { has_left || was_removed; }; then
    set_former_self_aside
  fi
  ! has_data || note_lived
  # A run that broke off behind the promotion: no learner is found healthy.
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

# An engine that was ended in the middle of a retirement takes the node for prepared.
require_prepared() {
  [ ! -e "$(setting state_dir)/retired" ] ||
    fail "not started: the removal of this member did not finish; finish it first (\`up\` without this node, or \`destroy\`), then run this again"
}

# Whoever comes back is another member. The note comes first: without it and without data this machine
# would look as if no cluster had ever lived.
set_former_self_aside() {
  runtime_stop
  note_left
  kept=$(retired_data_path)
  retire_data_to "$kept"
  make_data_folder
  forget_notes process member
  rm -rf "$(setting config_dir)/joining"
  say "was removed from the cluster; the data that it had then is kept in $kept"
}

# The process was started with the desired cold files, flags and binary, and need not stop for its
# database.
member_runs_desired_state() {
  ! is_joining && ! defragment_is_due && runs_on "$(setting cold)"
}

# enter MODE: a member without data. One that starts empty under an identity that was used before
# breaks raft's promises, so only a first creation may found, and only if nobody knows a cluster yet.
enter() {
  if ! cluster_lives; then
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
    fail "not started: this machine's member was removed from its cluster; add one of the surviving members to the stack file. Only if that cluster is gone for good: rm $(setting state_dir)/left"
  fi
  [ ! -e "$(setting state_dir)/lived" ] || refuse_to_start_empty
  [ -z "$(setting bootstrap_differs)" ] ||
    fail "not started: no member of the cluster answers; it $(setting bootstrap_differs). Bring its members back. Only if none has ever been started, forget the bootstrap record: pulumi up --target-replace '$(setting bootstrap_urn)'"
  [ "$1" = create ] || refuse_to_start_empty
}

refuse_to_start_empty() {
  fail "not started: its data folder $(setting data_dir) is gone, no other member answers, and a member never starts empty under its old identity; put the folder back, or bring the others back"
}

# founded_with_others MODE: the others were founded with this member, which has not started yet.
founded_with_others() {
  [ "$1" = create ] && [ -n "$(setting founder)" ] || return 1
  founding_list=$(members) ||
    fail "not started: a cluster exists, but has no quorum to tell whether this member belongs to it; start its other members first"
  echo "$founding_list" | own_lines | awk -F ', ' -v url="$(setting peer_url)" '
    $4 == url && $5 == "" && $6 == "false" { expected++ }
    END { exit !(NR == 1 && expected == 1) }'
}

# Everything that changed is read by etcd while it runs.
reload() {
  if [ "$(generation_in_use)" = "$(setting generation)" ] && generation_holds; then
    say "unchanged"
    return
  fi
  require_trust
  recovers=true
  [ -z "$serving_url" ] || recovers=serves_anew
  former=$(generation_in_use)
  generation_write
  generation_use "$(setting generation)"
  "$recovers" || {
    generation_use "$former"
    last_output=$read_output
    fail "etcd does not serve with the new certificates, and goes on with its former files: $(last_error)"
  }
  say "certificates or settings replaced, not restarted"
}

# serves_anew: etcd reads its certificates for each new connection.
serves_anew() {
  wait_until "$(setting gate_timeout_s)" is_healthy_itself
}

restart() {
  recovers=settles
  if is_found_healthy; then
    # Only a healthy member has something to lose for the others, and nothing but its own health
    # is good enough afterwards: they were all up a moment ago.
    recovers=is_healthy_again
    # The dead that the stack file names no more would be waited for in vain.
    remove_dead_members is_named
    pass_gate "$member_list"
    require_trust
    before_new_version
    ! defragment_is_due || compact_if_full
    # What was looked at before a snapshot or a compaction may be minutes ago.
    ! gate_was_long_ago || pass_gate
    remember_good
    hand_leadership_away
  else
    require_version_may_mend
  fi
  announce_address "$(setting peer_url)" "${member_list:-}"
  generation_write
  waits_for=
  if run_generation "$(setting generation)" runtime_restart && "$recovers"; then
    announce_address_late "$(setting peer_url)"
    say "restarted$waits_for"
  else
    go_back "$(runtime_failure)"
  fi
}

# The first start, or the start of a member that was down: nobody loses anything by it.
# etcd listens a moment before it makes its data folder, which the link of its configuration follows.
start() {
  starts_empty=yes
  ! has_data || starts_empty=no
  if [ "$starts_empty" = no ]; then
    require_version_may_mend
    [ -n "${quorum_missing:-}" ] || announce_address "$(setting peer_url)"
  fi
  generation_write
  if ! run_generation "$(setting generation)" runtime_start || ! await_peer_port || ! await has_data; then
    fail "etcd does not start: $(runtime_failure)"
  fi
  note_lived
  if [ "$starts_empty" = yes ]; then
    say "started"
  elif settles; then
    announce_address_late "$(setting peer_url)"
    say "started$waits_for"
  else
    fail "started, but not healthy after $(setting start_timeout_s) s: $(runtime_failure)"
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

# settles: this member is healthy, or waits for others that are down as well and whose turn comes.
settles() {
  waits_for=
  await_peer_port || return 1
  if is_joining; then
    becomes_voter
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
  # The others look for it where it is going to be, and it goes back to where it was.
  (announce_address "$(generation_place "$good" peer_url)") || :
  if run_generation "$good" runtime_restart && settles; then
    announce_address_late "$(own_place peer_url)"
    fail "etcd refused the change and runs again on its former files: $1"
  fi
  fail "etcd refused the change, and its former files do not start either: $1"
}
