# Starts a pod beside the member's own, from the template that the member is to have, until its etcd has
# served one read over TLS. No member's turn comes before all have done so: what etcd or Kubernetes refuses
# costs nobody a restart.
# needs: ask kube pod reads say settings trouble variables wait
# sets: last_output read_output rehearsal_pod

rehearse() {
  if pod_runs "$(pod_name)" && [ "$(started_with)" = "$(setting cold)" ]; then
    say "the member runs with this template already"
    return
  fi
  rehearsal_pod=$(setting rehearsal)
  trap delete_rehearsal EXIT
  delete_rehearsal
  last_output=$(kube create --filename="${payload:?}/files/rehearsal.json" 2>&1) ||
    fail "Kubernetes refuses its pod, so no member was restarted: $last_output"
  served=
  wait_until "$(setting start_timeout_s)" serves_or_ended || :
  [ -n "$served" ] || fail "its pod does not serve, so no member was restarted: $(why_not_served)"
  say "starts from this template"
}

serves_or_ended() {
  if ! pod_runs "$rehearsal_pod"; then
    has_ended || is_refusal "$(waiting_reason)"
  elif read_output=$(ask_in "$rehearsal_pod" "$(setting rehearsal_url)" get health); then
    served=yes
  else
    refuses_reads "$read_output"
  fi
}

why_not_served() {
  if pod_runs "$rehearsal_pod"; then
    last_log | why_no_read "${read_output:-}" "kubectl -n $(setting namespace) logs $rehearsal_pod"
  else
    pod_trouble
  fi
}

delete_rehearsal() {
  kube delete pod,secret "$(setting rehearsal)" --ignore-not-found --now >/dev/null 2>&1 || :
}
