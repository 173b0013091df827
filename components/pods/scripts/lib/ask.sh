# How a question reaches the cluster: etcdctl runs beside etcd, in the pod of a member that runs. The image
# has no shell, so nothing else can be asked of it (ADR 23).

# ask ENDPOINTS ETCDCTL-ARGUMENTS…
ask() {
  ask_endpoints=$1
  shift
  ask_pod=$(speaker) || {
    echo "Error: no pod of the cluster runs"
    return 1
  }
  ask_in "$ask_pod" "$ask_endpoints" "$@" || {
    # It may have ended since it was chosen.
    ! pod_runs "$ask_pod" || return 1
    rm -f "$(speaker_note)"
    ask_pod=$(speaker) && ask_in "$ask_pod" "$ask_endpoints" "$@"
  }
}

# ask_in POD ENDPOINTS ETCDCTL-ARGUMENTS…, with the trust bundle of the file `ask_trust`
ask_in() {
  in_pod=$1 in_endpoints=$2
  in_timeout="${ask_timeout_ms:-$(setting ask_timeout_ms)}ms"
  shift 2
  kube exec "$in_pod" --container=etcd -- etcdctl --endpoints="$in_endpoints" \
    --cacert="$(setting pki_dir)/${ask_trust:-ca.pem}" --cert="$(setting pki_dir)/maintenance.pem" \
    --key="$(setting pki_dir)/maintenance.key" --dial-timeout="$in_timeout" \
    --command-timeout="$in_timeout" "$@" 2>&1 </dev/null
}

# speaker: prints the pod to ask in, one of the others first, as the own one may be about to end.
speaker() {
  cat "$(speaker_note)" 2>/dev/null && return
  for speaker_pod in $(setting speakers); do
    if pod_runs "$speaker_pod"; then
      echo "$speaker_pod" | tee "$(speaker_note)"
      return
    fi
  done
  return 1
}

speaker_note() {
  echo "${payload:?}/speaker"
}

i_am_healthy() {
  pod_runs "$(pod_name)" && is_healthy "$(own_url)"
}

# healthy_at: prints where this member serves in good health.
healthy_at() {
  i_am_healthy && own_url
}

own_url() {
  setting client_url
}
