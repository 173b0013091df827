# Brings the member to its desired state: a first start, a reload without restart, or one gated
# restart. A rerun changes nothing and says so.

apply() {
  clock_reaches "$(setting valid_from)"
  has_data || require_founding "$1"
  if member_runs_desired_state; then
    reload
  elif runtime_running; then
    restart
  else
    start
  fi
  generation_use "$(setting generation)"
  generation_prune
  profile_install
  require_defragmented
}

# The process was started with the desired cold files, flags and binary, and need not stop for its
# database.
member_runs_desired_state() {
  runtime_running && ! defragment_is_due &&
    [ "$(cat "$(setting state_dir)/started" 2>/dev/null)" = "$(setting cold)" ]
}

# require_founding MODE. A member that starts empty under an identity that was used before breaks
# raft's promises, so only a first creation may bootstrap, and only if the others do not know us.
require_founding() {
  [ "$1" = create ] ||
    fail "not started: its data folder $(setting data_dir) is gone, and a member never starts empty under its old identity; put the folder back"
  if lived_before; then
    fail "not started: the living cluster already has a member $(setting name), but $(setting data_dir) is empty; put the folder back"
  fi
}

# lived_before: the members of a living cluster know this one as started. Before its first quorum a
# member serves no client, so on a first creation nobody answers.
lived_before() {
  ! nobody_listens || return 1
  answering=$(
    # shellcheck disable=SC2034 # read by ask
    ask_timeout_ms=$(setting founding_timeout_ms)
    count_answering
  )
  [ "$answering" -gt 0 ] || return 1
  listed=$(members) ||
    fail "not started: a cluster lives, but has no quorum to say whether this member was part of it; bring its other members back first"
  echo "$listed" |
    awk -F ', ' -v me="$(setting name)" '$3 == me && $5 != "" { known = 1 } END { exit !known }'
}

# nobody_listens: known without waiting, by the sockets where all others would be on this machine,
# otherwise by machines that refuse the connection.
nobody_listens() {
  neighbours=$(setting neighbour_sockets)
  if [ -n "$neighbours" ]; then
    ! listening "$neighbours"
  else
    # shellcheck disable=SC2034 # read by ask
    [ "$(ask_timeout_ms=$(setting refusal_timeout_ms) && count_others may_be_there)" -eq 0 ]
  fi
}

# may_be_there URL: anything but a refused connection.
may_be_there() {
  ! ask "$1" endpoint status | grep -q 'connection refused'
}

# Everything that changed is read by etcd while it runs.
reload() {
  if [ "$(generation_in_use)" = "$(setting generation)" ] && generation_holds; then
    say "unchanged"
    return
  fi
  generation_write
  generation_use "$(setting generation)"
  say "certificates or settings replaced, not restarted"
}

restart() {
  recovers=settles
  if i_am_healthy; then
    # Only a healthy member has something to lose for the others, and nothing but its own health
    # is good enough afterwards: they were all up a moment ago.
    recovers=is_healthy_again
    require_others_healthy
    ! defragment_is_due || compact_if_full
    remember_good
    hand_leadership_away
  fi
  generation_write
  unsettled=
  if run_generation "$(setting generation)" runtime_restart && "$recovers"; then
    say "restarted$unsettled"
  else
    go_back "$(runtime_failure)"
  fi
}

# The first start, or the start of a member that was down: nobody loses anything by it.
# etcd listens a moment before it makes its data folder, which the link of its configuration follows.
start() {
  founding=yes
  ! has_data || founding=no
  generation_write
  if ! run_generation "$(setting generation)" runtime_start || ! await_peer_port || ! await has_data; then
    fail "etcd does not start: $(runtime_failure)"
  fi
  if [ "$founding" = yes ]; then
    say "started"
  elif settles; then
    say "started$unsettled"
  else
    fail "started, but not healthy after $(setting start_timeout_s) s: $(runtime_failure)"
  fi
}

# run_generation ID runtime_start|runtime_restart. What the process was started with is forgotten
# before and noted after the fact: an interruption in between costs a needless restart, never a
# missed one.
run_generation() {
  rm -f "$(setting state_dir)/started" &&
    generation_use "$1" && defragment_if_due && "$2" &&
    write_atomically "$(setting state_dir)/started" <"$(generation_dir "$1")/cold"
}

# await_peer_port: etcd listens for its peers once it has accepted its flags and files.
await_peer_port() {
  await listening "$(setting peer_socket)"
}

# settles: this member is healthy, or waits for others that are down as well and whose turn comes.
settles() {
  unsettled=
  await_peer_port || return 1
  if enough_others_answer; then
    await i_am_healthy
  else
    unsettled=", waits for the other members"
  fi
}

is_healthy_again() {
  await_peer_port && await i_am_healthy
}

# await COMMAND…: non-zero when the process ends or the deadline passes, whichever is first.
await() {
  awaited_pid=$(runtime_pid) || return 1
  wait_until "$(setting start_timeout_s)" holds_or_ended "$@" && "$@"
}

holds_or_ended() {
  "$@" || [ "$(runtime_pid)" != "$awaited_pid" ]
}

# go_back REASON: to the files it was healthy on before, so that a change that etcd refuses costs
# one restart of one member and nothing else.
go_back() {
  good=$(last_good)
  if [ -z "$good" ] || [ "$good" = "$(setting generation)" ]; then
    fail "etcd did not become healthy: $1"
  fi
  if run_generation "$good" runtime_restart && settles; then
    fail "etcd refused the change and runs again on its former files: $1"
  fi
  fail "etcd refused the change, and its former files do not start either: $1"
}
