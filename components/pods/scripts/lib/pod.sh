# The member's pod, which is the only one of its StatefulSet. That replaces it when it is deleted, and by
# nothing else: `updateStrategy` is OnDelete, so no pod ends but by our hand, or by Kubernetes' when its
# node goes.

pod_name() {
  echo "$(setting name)-0"
}

# pod_says JSONPATH
pod_says() {
  kube_says "pod/$(pod_name)" "$1"
}

# container_says FIELD POD, of the container's status
container_says() {
  kube_says "pod/$2" "{.status.containerStatuses[?(@.name==\"etcd\")].$1}"
}

# pod_runs POD: its etcd has been started, and it is not about to end.
pod_runs() {
  case $(kube_says "pod/$1" '{.metadata.deletionTimestamp}/{.status.containerStatuses[?(@.name=="etcd")].state.running.startedAt}') in
    /?*) ;;
    *) return 1 ;;
  esac
}

# started_with: the digest of what the pod's process was started with
started_with() {
  pod_says '{.metadata.annotations.etcd-cluster/cold}'
}

# template_has: the same of what the next pod is going to start with
template_has() {
  kube_says "statefulset/$(setting name)" '{.spec.template.metadata.annotations.etcd-cluster/cold}'
}

# template_is_seen: before that, a new pod may be made of the former one.
template_is_seen() {
  seen=$(kube_says "statefulset/$(setting name)" '{.metadata.generation} {.status.observedGeneration}')
  [ -n "$seen" ] && [ "${seen% *}" = "${seen#* }" ]
}

# use_template DIGEST: the StatefulSet has it, or had it before.
use_template() {
  [ "$(template_has)" != "$1" ] || return 0
  template_revision=$(kube get controllerrevisions --selector="$(setting selector)" --output=jsonpath='{range .items[*]}{.metadata.ownerReferences[0].name} {.data.spec.template.metadata.annotations.etcd-cluster/cold} {.revision}{"\n"}{end}' |
    awk -v name="$(setting name)" -v cold="$1" '$1 == name && $2 == cold && $3 > last { last = $3 } END { print last }')
  [ -n "$template_revision" ] || return 1
  kube rollout undo "statefulset/$(setting name)" --to-revision="$template_revision" >/dev/null
}

# replace_pod: ends this one in order, and waits until another has taken its place.
replace_pod() {
  wait_until "$(setting gate_timeout_s)" template_is_seen ||
    fail "the controller of Kubernetes' StatefulSets has not seen the change in $(setting gate_timeout_s) s"
  replaced_uid=$(pod_says '{.metadata.uid}')
  kube delete pod "$(pod_name)" --ignore-not-found --wait=false >/dev/null
  wait_until "$(setting start_timeout_s)" is_replaced
}

is_replaced() {
  pod_uid=$(pod_says '{.metadata.uid}')
  [ -n "$pod_uid" ] && [ "$pod_uid" != "${replaced_uid:-}" ]
}

# stop_pod: for good
stop_pod() {
  kube scale "statefulset/$(setting name)" --replicas=0 >/dev/null || return 0
  wait_until "$(setting start_timeout_s)" pod_is_gone ||
    fail "its pod has not ended in $(setting start_timeout_s) s"
}

pod_is_gone() {
  [ -z "$(pod_says '{.metadata.uid}')" ]
}

# volume_of NAME: prints the name of that member's volume claim, if there is one.
volume_of() {
  kube_says "pvc/data-$1-0" '{.metadata.name}'
}
