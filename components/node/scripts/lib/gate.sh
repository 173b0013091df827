# At most one member is ever down by our hand.

# Prints the names of the other members that have started but are not healthy. A founder that has
# not started yet is not sick: its turn comes later in the same change.
sick_others() {
  sick_list=$(members) || {
    echo "the quorum (no member of $(setting endpoints) could list the members)"
    return
  }
  echo "$sick_list" | awk -F ', ' -v me="$(setting name)" '
    $5 != "" && $6 == "false" && $3 != me { print $3, $5 }' |
    while read -r other_name other_urls; do
      is_healthy "$other_urls" </dev/null || echo "$other_name"
    done
}

# require_others_healthy: refuses, naming the sick. A member that has just come back may need a
# moment until all others see it, hence the wait.
require_others_healthy() {
  wait_until "$(setting gate_timeout_s)" no_one_is_sick ||
    fail "not restarted: $(sick_others | tr '\n' ' ')must be healthy first, or two members would be down at once"
  require_no_corruption "not restarted: "
}

no_one_is_sick() {
  [ -z "$(sick_others)" ]
}

# Hands leadership to a member that stays up: one that has had its turn, where there is one.
hand_leadership_away() {
  status=$(ask "$(setting client_url)" endpoint status --write-out=fields) ||
    fail "not restarted: it does not say who leads"
  echo "$status" | is_leader && [ "$(setting heir)" != "$(setting name)" ] || return 0
  heir=$(members | member_id "$(setting heir)")
  [ -n "$heir" ] || return 0
  ask "$(setting client_url)" move-leader "$heir" >/dev/null ||
    fail "not restarted: leadership could not be handed to $(setting heir)"
  say "leadership handed to $(setting heir)"
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
