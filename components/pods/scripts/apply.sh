# Brings the member's pod to what its StatefulSet says: started, given new certificates without a restart,
# or restarted once, through the gate.
# needs: ask bootstrap_guard entry etcd gate learner members membership peer_probe pod rights say
# needs: settings template trouble upgrade variables wait
# sets: ask_trust last_output serving_url waits_for

apply() {
  waits_for=
  require_exec_pod
  scale_to 1
  if ! is_well; then
    start
  elif runs_desired_state; then
    require_desired_template
    say "unchanged"
  else
    restart
  fi
  wait_for_secret_update
  forbid_bootstrap_of_members
}

# is_well: healthy, or about to be again, as during an election. One that joins never was.
is_well() {
  is_healthy_itself || { pod_runs "$(pod_name)" && ! is_learning && is_found_healthy; }
}

runs_desired_state() {
  runs_with=$(started_with)
  [ "$runs_with" = "$(setting cold)" ]
}

require_desired_template() {
  use_template "$(setting cold)" ||
    fail "the pod template of its StatefulSet differs from the one that Pulumi applied, and no ControllerRevision matches; run \`pulumi refresh\`, then \`up\`"
}

# To restart a healthy member reduces availability, so it needs the gate. Until that is passed, its
# StatefulSet keeps the template that the pod runs on: if the node fails meanwhile, the pod must come back
# on that one.
restart() {
  serving_url=$(own_url)
  good=$runs_with
  use_template "$good" || good=
  remove_dead_members is_named
  pass_gate "$member_list"
  before_new_version
  # What was looked at before a snapshot may be minutes ago.
  ! gate_was_long_ago || pass_gate
  transfer_leadership
  [ -z "$good" ] || note_at "statefulset/$(setting name)" "good=$good"
  require_desired_template
  replace_pod || fail "its pod was not recreated within $(setting start_timeout_s) s: $(pod_trouble)"
  if comes_back; then
    say "restarted"
  else
    go_back "$(pod_trouble)"
  fi
}

comes_back() {
  is_back=
  wait_until "$(setting start_timeout_s)" is_back_or_refused || :
  # The readiness probe may not reach it; etcd itself is asked then.
  [ -n "$is_back" ] || is_healthy_itself
}

# is_back_or_refused: the kubelet is asked first, as it asks etcd for a read itself. Before it calls the pod
# ready, Kubernetes counts the member as away, and the next one must not restart.
is_back_or_refused() {
  readiness=$(pod_says '{.status.conditions[?(@.type=="Ready")].status} {.status.containerStatuses[?(@.name=="etcd")].state.waiting.reason}')
  case $readiness in
    'True '*) is_healthy_itself && is_back=yes ;;
    *) is_refusal "${readiness#* }" ;;
  esac
}

is_refused() {
  is_refusal "$(waiting_reason)"
}

# go_back REASON: to the template it was healthy on before, so that a change that etcd refuses costs one
# restart of one member and nothing else.
go_back() {
  good=$(good_template)
  [ -n "$good" ] && [ "$good" != "$(setting cold)" ] || fail "etcd did not become healthy: $1"
  if use_template "$good" && replace_pod && comes_back; then
    fail "etcd did not become healthy with the change, and runs again as it did before: $1"
  fi
  fail "etcd did not become healthy with the change, nor as it was before: $1"
}

# The first start, or the start of a member that was down: availability cannot suffer.
start() {
  ! is_called_ready ||
    fail "nothing is changed: Kubernetes reports its pod as ready, but etcd there does not answer a linearizable read"
  require_version_may_mend
  require_desired_template
  pod_is_gone || runs_desired_state || replace_pod || :
  started_again=
  wait_until "$(setting start_timeout_s)" is_healthy_waiting_or_refused || :
  if [ -n "$settled" ]; then
    await_readiness
    say "started$waits_for"
  elif can_roll_back; then
    go_back "$(pod_trouble)"
  else
    fail "did not become healthy within $(setting start_timeout_s) s: $(pod_trouble)"
  fi
}

# await_readiness: Kubernetes counts the member as away until then.
await_readiness() {
  [ -n "$waits_for" ] || wait_until "$(setting gate_timeout_s)" is_called_ready || :
}

# can_roll_back: there is a template that was good, and etcd refuses the present one, which an
# interrupted run has left.
can_roll_back() {
  good=$(good_template)
  [ -n "$good" ] && [ "$good" != "$(setting cold)" ] && is_refused
}

is_healthy_waiting_or_refused() {
  settled=
  if is_healthy_or_waiting; then
    settled=yes
  else
    can_roll_back
  fi
}

# is_healthy_or_waiting: it is healthy, or has started and waits for members that start later in this
# change.
is_healthy_or_waiting() {
  waits_for=
  if is_called_ready && is_healthy_itself; then
    :
  elif runs_steadily && ! enough_others_answer; then
    waits_for=", waits for the other members"
  elif has_nothing_to_start_with; then
    waits_for=", has an empty volume and waits for the members that have data"
  elif is_healthy_itself; then
    :
  elif is_learning; then
    try_promote && is_healthy_itself
  else
    has_lost_its_membership && join_again
    return 1
  fi
}

# runs_steadily: etcd ends at once when it refuses its arguments, its files or its volume.
runs_steadily() {
  pod_runs "$(pod_name)" && ! has_ended && sleep 1 && pod_runs "$(pod_name)" && ! has_ended
}

# has_nothing_to_start_with: its volume is empty, and no other member is up that it could join.
has_nothing_to_start_with() {
  has_ended && is_stopped_by_guard && nobody_listens && [ -n "$(members_with_data)" ]
}

is_learning() {
  ! nobody_listens && learning_list=$(members) && echo "$learning_list" | own_lines | grep -q ', true$'
}

# has_lost_its_membership: its volume is empty and the bootstrap guard forbids that, or the others have
# removed it.
has_lost_its_membership() {
  [ -z "$started_again" ] && has_ended || return 1
  is_stopped_by_guard || was_removed
}

is_stopped_by_guard() {
  bootstrap_guards | bootstrap_is_forbidden "$(setting name)" && last_log | grep -q 'cannot fetch cluster info from peer urls'
}

join_again() {
  members >/dev/null || return 0
  started_again=yes
  enter_as_learner
  replace_pod || :
}

# wait_for_secret_update: until the kubelet has updated the mounted Secret, which it does all at once, and
# etcd serves with it. The kubelet looks sooner at a pod whose annotations change.
wait_for_secret_update() {
  [ -z "$waits_for" ] || return 0
  if ! has_files; then
    note_at "pod/$(pod_name)" "files=$(setting files)"
    wait_until "$(setting files_timeout_s)" has_files ||
      fail "the kubelet did not update the mounted Secret within $(setting files_timeout_s) s, or etcd does not answer a read with the new certificates: $(last_error)"
    say "certificates replaced, not restarted"
  fi
  note_at "pod/$(pod_name)" "signing=$(setting signing)"
}

# has_files: the bundle lies in the Secret under a name of the whole Secret's digest, too.
has_files() {
  last_output=$(ask_trust=bundle-$(setting files).pem && ask_in "$(pod_name)" "$(own_url)" get health) ||
    lacks_rights "$last_output"
}

# forbid_bootstrap_of_members: of this one, and of founders that are voters by now.
forbid_bootstrap_of_members() {
  [ -z "$waits_for" ] || return 0
  guards=$(bootstrap_guards)
  note_folder "$guards"
  echo "$guards" | bootstrap_is_forbidden "$(setting name)" || forbid_bootstrap "$(setting name)"
  open_founders=$(founders_that_may_bootstrap)
  [ -n "$open_founders" ] || return 0
  guard_list=$(members) || fail "no member of $(setting endpoints) could list the members"
  for founder in $open_founders; do
    ! echo "$guard_list" | is_voter "$founder" || forbid_bootstrap "$founder"
  done
}

founders_that_may_bootstrap() {
  for other in $(setting other_names); do
    ! echo "$guards" | bootstrap_is_allowed "$other" || echo "$other"
  done
}
