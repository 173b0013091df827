# The last word of an `up`: every member of the stack file is a started, healthy voter.

health() {
  wait_until "$(setting start_timeout_s)" cluster_is_whole ||
    fail "the cluster is not healthy after $(setting start_timeout_s) s: $(missing_members | tr '\n' ' ')"
  require_no_corruption "the cluster is not healthy: "
  disarm_nospace
  say "all members are healthy: $(setting member_names)"
}

cluster_is_whole() {
  [ -z "$(missing_members)" ]
}

# Prints the members that are not there or not healthy, each with the reason.
missing_members() {
  listed=$(members) || {
    echo "no quorum ($(echo "$listed" | sed -n 's/^Error: //p' | tail -n 1));"
    return
  }
  for pair in $(setting member_urls | tr ',' ' '); do
    expected=${pair%%=*}
    if ! echo "$listed" | is_voter "$expected"; then
      echo "$expected is not a started voting member;"
    elif ! is_healthy "${pair#*=}"; then
      echo "$expected does not answer a read;"
    fi
  done
}

# is_voter NAME, from the list of members on standard input
is_voter() {
  awk -F ', ' -v name="$1" '$3 == name && $5 != "" && $6 == "false" { found = 1 }
    END { exit !found }'
}
