# At most one member is ever down by our hand.
# needs: alarms etcd members rights say settings variables
# backend: ask healthy_url nobody_listens wait_until
# sets: ask_timeout_ms endpoint_status member_list serving_url

# Of the members in `member_list`, prints who has to be healthy first: every other voter that the stack
# file counts on, and where it does not count on a sick one, so many that a majority goes on without
# this member.
sick_others() {
  sick=$(echo "$member_list" | other_voters | sick_ones | sort)
  missed=
  for name in $sick; do
    if counts "$name"; then
      echo "$name"
    else
      missed="$missed $name"
    fi
  done
  [ -z "$missed" ] || majority_remains || echo "one of$missed"
}

# Of the "name client-URL" lines on standard input. All are asked at once.
sick_ones() {
  while read -r other_name other_url; do
    { is_healthy "$other_url" </dev/null || echo "$other_name"; } &
  done
  wait
}

majority_remains() {
  voters=$(echo "$member_list" | count_voters)
  sick_count=$(echo "$sick" | grep -c . || :)
  # One that is to join is none of them yet.
  own_vote=$(echo "$member_list" | own_lines | count_voters)
  [ $((voters - own_vote - sick_count)) -gt $((voters / 2)) ]
}

# require_others_healthy WHAT [LIST]: refuses, naming the sick. A member that has just come back may
# need a moment until all others see it, hence the wait. LIST is what `members` said a moment ago;
# what it said last is in `member_list` afterwards.
require_others_healthy() {
  member_list=${2:-}
  wait_until "$(setting gate_timeout_s)" no_one_is_sick ||
    fail "$1: $(echo "$sick_found" | tr '\n' ' ')must be healthy first, or two members would be down at once"
}

no_one_is_sick() {
  [ -n "$member_list" ] || member_list=$(members) || {
    member_list=
    sick_found="the quorum (no member of $(setting endpoints) could list the members)"
    return 1
  }
  sick_found=$(sick_others)
  [ -z "$sick_found" ] || {
    member_list=
    return 1
  }
}

# pass_gate [LIST]: as long as it takes until this member may stop. What is known of the cluster then
# is in `member_list` and, of this member, in `endpoint_status`.
pass_gate() {
  require_others_healthy "not restarted" "${1:-}"
  endpoint_status=$(own_status) || fail "not restarted: its status cannot be read: $endpoint_status"
  gate_passed=$(date +%s)
  require_no_corruption "not restarted: "
}

gate_was_long_ago() {
  [ $(($(date +%s) - gate_passed)) -gt 2 ]
}

# Hands leadership to a member that stays up: one that has had its turn, where there is one.
hand_leadership_away() {
  echo "$endpoint_status" | is_leader || return 0
  transferee=$(echo "$member_list" | first_voter "$(setting transfer_candidates)")
  [ -n "$transferee" ] || return 0
  if ! handed=$(ask "$serving_url" move-leader "${transferee% *}"); then
    # It may have gone elsewhere meanwhile.
    leads "$serving_url" || return 0
    need_rights "not restarted: " "$handed"
    fail "not restarted: leadership could not be handed to ${transferee#* }"
  fi
  say "leadership handed to ${transferee#* }"
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

# cluster_lives: somebody else serves clients. Before its first quorum a member serves none, so on a
# first creation nobody answers.
cluster_lives() {
  ! nobody_listens || return 1
  answering=$(
    ask_timeout_ms=$(setting bootstrap_timeout_ms)
    those_that answers "$probed_urls"
  )
  [ -n "$answering" ]
}

# is_found_healthy: also one that is about to be, as during an election, which takes a majority.
is_found_healthy() {
  [ -n "${serving_url:-}" ] || finds_health || {
    enough_others_answer && wait_until "$(setting gate_timeout_s)" finds_health
  }
}

finds_health() {
  serving_url=$(healthy_url)
}
