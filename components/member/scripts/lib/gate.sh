# The restart gate: no script stops a member while another one is unhealthy.
# needs: alarms etcd members rights say settings variables
# backend: ask healthy_url nobody_listens wait_until
# sets: ask_timeout_ms endpoint_status member_list serving_url

# Prints the unhealthy voters of `member_list` that block a restart: each one that the stack file expects
# to run; for the others, one line if quorum would be lost without this member.
unhealthy_others() {
  unhealthy=$(echo "$member_list" | other_voters | unhealthy_of | sort)
  missed=
  for name in $unhealthy; do
    if is_expected "$name"; then
      echo "$name"
    else
      missed="$missed $name"
    fi
  done
  [ -z "$missed" ] || majority_remains || echo "one of$missed"
}

# Of the "name client-URL" lines on standard input. All are asked at once.
unhealthy_of() {
  while read -r other_name other_url; do
    { is_healthy "$other_url" </dev/null || echo "$other_name"; } &
  done
  wait
}

majority_remains() {
  voters=$(echo "$member_list" | count_voters)
  unhealthy_count=$(echo "$unhealthy" | grep -c . || :)
  # A member that has not joined yet is not in the list, and its own vote is 0.
  own_vote=$(echo "$member_list" | own_lines | count_voters)
  [ $((voters - own_vote - unhealthy_count)) -gt $((voters / 2)) ]
}

# require_others_healthy WHAT [LIST]: fails and names the unhealthy members. After a restart it
# takes a moment until all others see the member, hence the wait. LIST is what `members` said a moment ago;
# what it said last is in `member_list` afterwards.
require_others_healthy() {
  member_list=${2:-}
  wait_until "$(setting gate_timeout_s)" others_are_healthy && return
  [ -n "$unhealthy_found" ] ||
    fail "$1: the cluster has no quorum: no member of $(setting endpoints) could list the members"
  fail "$1: $(echo "$unhealthy_found" | tr '\n' ' ')must be healthy first, or two members would be down at once"
}

others_are_healthy() {
  [ -n "$member_list" ] || member_list=$(members) || {
    member_list=
    unhealthy_found=
    return 1
  }
  unhealthy_found=$(unhealthy_others)
  [ -z "$unhealthy_found" ] || {
    member_list=
    return 1
  }
}

# pass_gate [LIST]: waits until this member may be stopped, and sets `member_list`, `endpoint_status` and
# `gate_passed`.
pass_gate() {
  require_others_healthy "not restarted" "${1:-}"
  endpoint_status=$(own_status) || fail "not restarted: its endpoint status cannot be read: $endpoint_status"
  gate_passed=$(date +%s)
  require_no_corruption "not restarted: "
}

gate_was_long_ago() {
  [ $(($(date +%s) - gate_passed)) -gt 2 ]
}

# Transfers leadership to a member that stays up: one that has restarted already, where there is one.
transfer_leadership() {
  echo "$endpoint_status" | is_leader || return 0
  transferee=$(echo "$member_list" | first_voter "$(setting transfer_candidates)")
  [ -n "$transferee" ] || return 0
  if ! handed=$(ask "$serving_url" move-leader "${transferee% *}"); then
    # It may have gone elsewhere meanwhile.
    leads "$serving_url" || return 0
    need_rights "not restarted: " "$handed"
    fail "not restarted: leadership could not be transferred to ${transferee#* }"
  fi
  say "leadership transferred to ${transferee#* }"
}

# enough_others_answer: a majority, this member included, is up, so waiting for health makes sense.
enough_others_answer() {
  [ "$(count_others answers)" -ge "$(($(setting quorum) - 1))" ]
}

# count_others QUESTION: prints for how many of the other members it holds.
count_others() {
  those_that "$1" "$(setting other_client_urls)" | grep -c . || :
}

# those_that QUESTION URLS: prints for which of them it holds. All are asked at once.
those_that() {
  for other_url in $(echo "$2" | tr ',' ' '); do
    { ! "$1" "$other_url" || echo "$other_url"; } &
  done
  wait
}

# cluster_is_running: another member answers clients. Before the first quorum no member does, so on a
# first creation none answers.
cluster_is_running() {
  ! nobody_listens || return 1
  answering=$(
    ask_timeout_ms=$(setting bootstrap_timeout_ms)
    those_that answers "$probed_urls"
  )
  [ -n "$answering" ]
}

# is_found_healthy: also if this member becomes healthy within the timeout, as after an election.
is_found_healthy() {
  [ -n "${serving_url:-}" ] || finds_health || {
    enough_others_answer && wait_until "$(setting gate_timeout_s)" finds_health
  }
}

finds_health() {
  serving_url=$(healthy_url)
}
