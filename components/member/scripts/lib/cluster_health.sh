# The health of the cluster: every member of the stack file is a started, healthy voter. Members that the
# stack file no longer lists are removed: unreachable ones here, running ones when their machine is given
# up. Leadership is transferred away from them first.
# needs: alarms etcd members membership nospace rights say settings variables
# backend: ask forget_former_members former_members wait_until
# sets: endpoint_status member_list

require_cluster_health() {
  remove_dead_members is_named
  wait_until "$(setting start_timeout_s)" cluster_is_healthy ||
    fail "the cluster did not become healthy within $(setting start_timeout_s) s: $(echo "$missing" | tr '\n' ' ')"
  correct_peer_urls
  keep_leadership_here
  endpoint_status=$(own_status) || fail "its endpoint status cannot be read: $endpoint_status"
  require_no_corruption "the cluster is not healthy: "
  disarm_nospace
  say "all members are healthy: $(setting member_names)"
  report_members_not_named
}

# A member that could not reach the cluster when its address changed has not updated its peer URL. It
# connects to the others now, but they do not connect to it.
correct_peer_urls() {
  for pair in $(setting member_peer_urls | tr ',' ' '); do
    stale_id=$(echo "$member_list" |
      awk -F ', ' -v name="${pair%%=*}" -v url="${pair#*=}" '$3 == name && $4 != url { print $1 }')
    [ -n "$stale_id" ] || continue
    update_member "$stale_id" "${pair#*=}"
    say "peer URL of ${pair%%=*} is now ${pair#*=}"
  done
}

# Members that the former stack file listed are removed later in this change. One that was marked
# `reachable: false` but still runs is not removed by anything, so it is reported.
report_members_not_named() {
  leaving=$(former_members)
  echo "$member_list" | awk -F ', ' '{ print $1, $3 }' | while read -r other_id other_name; do
    case " $(setting named) $leaving " in
      *" $other_name "*) ;;
      *) say "the stack file does not name the member $other_name; stop etcd on its machine and run: etcdctl member remove $other_id" ;;
    esac
  done
  forget_former_members
}

# A member that is about to leave with its machine does not lead when it does.
keep_leadership_here() {
  transferee=$(echo "$member_list" | first_voter "$(setting member_names)")
  echo "$member_list" | other_voters | while read -r other_name other_url; do
    if ! is_named "$other_name" && leads "$other_url" </dev/null; then
      handed=$(ask "$other_url" move-leader "${transferee% *}" </dev/null) || {
        need_rights "" "$handed"
        fail "leadership could not be transferred from $other_name to ${transferee#* }"
      }
      say "leadership transferred from $other_name to ${transferee#* }"
    fi
  done
}

# By the list of members that has just been made, or a new one.
cluster_is_healthy() {
  [ -n "$member_list" ] || member_list=$(members) || {
    missing="no quorum ($(echo "$member_list" | sed -n 's/^Error: //p' | tail -n 1));"
    member_list=
    return 1
  }
  missing=$(missing_members | sort)
  [ -z "$missing" ] || {
    member_list=
    return 1
  }
}

# Prints the members that are not there or not healthy, each with the reason. All are asked at once.
missing_members() {
  for pair in $(setting member_urls | tr ',' ' '); do
    expected=${pair%%=*}
    if ! echo "$member_list" | is_voter "$expected"; then
      echo "$expected is not a started voting member;"
    else
      { is_healthy "${pair#*=}" || echo "$expected does not answer a read;"; } &
    fi
  done
  wait
}
