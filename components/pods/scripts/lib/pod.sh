# The member's pod, which is the only one of its StatefulSet. That replaces it when it is deleted, and by
# nothing else: `updateStrategy` is OnDelete, so no pod ends but by our hand, or by Kubernetes' when its
# node goes.
# needs: kube say settings template variables wait
# sets: last_output

# pod_name: or the one that `rehearsal_pod` names for a moment
pod_name() {
  echo "${rehearsal_pod:-$(setting name)-0}"
}

# pod_says JSONPATH
pod_says() {
  kube_says "pod/$(pod_name)" "$1"
}

# pod_runs POD: its etcd has been started, and it is not about to end.
pod_runs() {
  case $(kube_says "pod/$1" '{.metadata.deletionTimestamp}/{.status.containerStatuses[?(@.name=="etcd")].state.running.startedAt}') in
    /?*) ;;
    *) return 1 ;;
  esac
}

# is_called_ready: by the kubelet, which asks for a linearizable read.
is_called_ready() {
  [ "$(pod_says '{.status.conditions[?(@.type=="Ready")].status}')" = True ]
}

pod_is_gone() {
  [ -z "$(pod_says '{.metadata.uid}')" ]
}

# started_with: the digest of what the pod's process was started with
started_with() {
  pod_says '{.metadata.annotations.etcd-cluster/cold}'
}

# replace_pod: ends this one in order, and waits until another has taken its place.
replace_pod() {
  wait_until "$(setting gate_timeout_s)" template_is_seen ||
    fail "the controller of Kubernetes' StatefulSets has not seen the change in $(setting gate_timeout_s) s"
  replaced_uid=$(pod_says '{.metadata.uid}')
  last_output=$(kube delete pod "$(pod_name)" --ignore-not-found --wait=false 2>&1) ||
    fail "its pod could not be deleted: $last_output"
  wait_until "$(setting start_timeout_s)" is_replaced
}

is_replaced() {
  pod_uid=$(pod_says '{.metadata.uid}')
  [ -n "$pod_uid" ] && [ "$pod_uid" != "${replaced_uid:-}" ]
}

# runtime_stop: for good
runtime_stop() {
  scale_to 0
  wait_until "$(setting start_timeout_s)" pod_is_gone ||
    fail "its pod has not ended in $(setting start_timeout_s) s"
}

# scale_to REPLICAS: what is not there has none.
scale_to() {
  [ "$(kube_says "statefulset/$(setting name)" '{.spec.replicas}')" != "$1" ] || return 0
  last_output=$(kube scale "statefulset/$(setting name)" --replicas="$1" 2>&1) || case $last_output in
    *NotFound* | *"not found"*) ;;
    *) fail "its StatefulSet could not be scaled to $1: $last_output" ;;
  esac
}

# note_at OBJECT NAME=VALUE
note_at() {
  last_output=$(kube annotate "$1" --overwrite "etcd-cluster/$2" 2>&1) || fail "$1 could not be annotated: $last_output"
}

# volume_of NAME: prints the name of that member's volume claim, if there is one.
volume_of() {
  kube_says "pvc/data-$1-0" '{.metadata.name}'
}
