# At most one member is ever down by our hand.

# Prints who has to be healthy first: every other voter that the stack file counts on, and where it
# does not count on a sick one, so many that a majority goes on without this member.
sick_others() {
  sick_list=$(members) || {
    echo "the quorum (no member of $(setting endpoints) could list the members)"
    return
  }
  sick=$(echo "$sick_list" | other_voters | sick_ones)
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

# Of the "name client-URL" lines on standard input.
sick_ones() {
  while read -r other_name other_url; do
    is_healthy "$other_url" </dev/null || echo "$other_name"
  done
}

majority_remains() {
  voters=$(echo "$sick_list" | count_voters)
  sick_count=$(echo "$sick" | grep -c . || :)
  # One that is to join is none of them yet.
  own_vote=$(echo "$sick_list" | own_lines | count_voters)
  [ $((voters - own_vote - sick_count)) -gt $((voters / 2)) ]
}

# require_others_healthy WHAT: refuses, naming the sick. A member that has just come back may need a
# moment until all others see it, hence the wait.
require_others_healthy() {
  wait_until "$(setting gate_timeout_s)" no_one_is_sick ||
    fail "$1: $(sick_others | tr '\n' ' ')must be healthy first, or two members would be down at once"
}

no_one_is_sick() {
  [ -z "$(sick_others)" ]
}

# Hands leadership to a member that stays up: one that has had its turn, where there is one.
hand_leadership_away() {
  # shellcheck disable=SC2154 # restart has found it
  leads "$served_at" || return 0
  heir=$(members | first_voter "$(setting heirs)")
  [ -n "$heir" ] || return 0
  ask "$served_at" move-leader "${heir% *}" >/dev/null ||
    fail "not restarted: leadership could not be handed to ${heir#* }"
  say "leadership handed to ${heir#* }"
}

# enough_others_answer: a majority, this member included, is up, so waiting for health makes sense.
enough_others_answer() {
  [ "$(count_answering)" -ge "$(($(setting quorum) - 1))" ]
}

# Prints how many of the other members serve clients, with or without a leader.
count_answering() {
  count_others answers
}

# count_others QUESTION: prints for how many of the other members it holds. All are asked at once.
count_others() {
  {
    for other_url in $(setting other_client_urls | tr ',' ' '); do
      { ! "$1" "$other_url" || echo "$other_url"; } &
    done
    wait
  } | grep -c . || :
}

# cluster_lives: somebody else serves clients. Before its first quorum a member serves none, so on a
# first creation nobody answers.
cluster_lives() {
  ! nobody_listens || return 1
  answering=$(
    # shellcheck disable=SC2034 # read by ask
    ask_timeout_ms=$(setting founding_timeout_ms)
    count_answering
  )
  [ "$answering" -gt 0 ]
}

# is_found_healthy: also one that is about to be, as during an election, which takes a majority.
is_found_healthy() {
  finds_health || {
    enough_others_answer && wait_until "$(setting gate_timeout_s)" finds_health
  }
}

# shellcheck disable=SC2034 # read by endpoints
finds_health() {
  served_at=$(healthy_at)
}
