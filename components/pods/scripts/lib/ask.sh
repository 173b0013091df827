# How a question reaches the cluster: etcdctl runs beside etcd, in the pod of a member that runs. The image
# has no shell, so nothing else can be asked of it (ADR 23).
# needs: etcd kube pod say settings trouble variables
# sets: kube_limit_s

# ask ENDPOINTS ETCDCTL-ARGUMENTS…
ask() {
  while ask_pod=$(exec_pod); do
    ask_output=$(ask_in "$ask_pod" "$@") && {
      echo "$ask_output"
      return
    }
    # Either etcd has said no, or its pod has ended or cannot be reached any more.
    ! exec_works "$ask_pod" || {
      echo "$ask_output"
      return 1
    }
    rm -f "$(exec_pod_note)"
  done
  echo "Error: no pod of the cluster can be asked"
  return 1
}

# ask_in POD ENDPOINTS ETCDCTL-ARGUMENTS…, with the trust bundle of the file `ask_trust`
ask_in() {
  in_pod=$1 in_endpoints=$2
  in_timeout_ms="${ask_timeout_ms:-$(setting ask_timeout_ms)}"
  shift 2
  pod_exec "$in_pod" "$((in_timeout_ms / 1000 + $(setting kube_timeout_s)))" etcdctl \
    --endpoints="$in_endpoints" --cacert="$(setting pki_dir)/${ask_trust:-ca.pem}" \
    --cert="$(setting pki_dir)/maintenance.pem" --key="$(setting pki_dir)/maintenance.key" \
    --dial-timeout="${in_timeout_ms}ms" --command-timeout="${in_timeout_ms}ms" "$@"
}

# pod_exec POD LIMIT_S COMMAND…
pod_exec() {
  target_pod=$1 exec_limit_s=$2
  shift 2
  (kube_limit_s=$exec_limit_s && kube exec "$target_pod" --container=etcd -- "$@" 2>&1 </dev/null)
}

# exec_pod: prints the pod to ask in.
exec_pod() {
  # shellcheck disable=SC2046 # pods
  cat "$(exec_pod_note)" 2>/dev/null || first_exec_pod $(running_pods)
}

# first_exec_pod PODS…
first_exec_pod() {
  for candidate_pod in "$@"; do
    if exec_works "$candidate_pod"; then
      echo "$candidate_pod" | tee "$(exec_pod_note)"
      return
    fi
  done
  return 1
}

# exec_works POD: it can be reached. Kubernetes says of a pod for some minutes that it runs when its node is gone.
exec_works() {
  pod_exec "$1" "$(setting kube_timeout_s)" etcdctl version >/dev/null
}

# running_pods: the newest release first, whose etcdctl knows all that the others know; the own pod last of
# its release, as it may be about to end.
running_pods() {
  kube_get pods --selector="$(setting selector)" --output=jsonpath='{range .items[*]}{.metadata.name} {.metadata.deletionTimestamp}/{.status.containerStatuses[?(@.name=="etcd")].state.running.startedAt} {.metadata.annotations.etcd-cluster/version}{"\n"}{end}' |
    awk -v own="$(pod_name)" '$2 ~ /^\/./ { print $3 "." ($1 == own), $1 }' |
    sort -t . -k 2,2nr -k 3,3nr -k 4,4n | sed 's/.* //'
}

exec_pod_note() {
  echo "${payload:?}/exec_pod"
}

# require_exec_pod: a cluster that runs and cannot be asked is not one that is down.
require_exec_pod() {
  silent=$(running_pods | tr '\n' ' ')
  # shellcheck disable=SC2086 # pods
  [ -z "$silent" ] || first_exec_pod $silent >/dev/null || { [ "$silent" = "$(pod_name) " ] && has_ended; } ||
    fail "nothing is done: ${silent}runs, and \`kubectl exec\` reaches no etcdctl there"
}

is_healthy_itself() {
  pod_runs "$(pod_name)" && is_healthy "$(own_url)"
}

# healthy_url: prints where this member serves in good health.
healthy_url() {
  is_healthy_itself && own_url
}

own_url() {
  setting client_url
}
