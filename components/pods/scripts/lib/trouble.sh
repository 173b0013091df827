# Why a pod is not what it should be, in the words of whoever knows: the scheduler, the kubelet or etcd.
# needs: etcd kube pod settings

# pod_trouble: one line
pod_trouble() {
  if pod_is_gone; then
    echo "there is no pod $(pod_name): $(events_of StatefulSet "$(setting name)")"
  elif [ -n "$(unscheduled)" ]; then
    echo "no node takes its pod: $(unscheduled); $(events_of PersistentVolumeClaim "data-$(pod_name)")"
  elif [ -n "$(waiting_reason)" ] && ! has_ended; then
    echo "its container is not started: $(waiting_reason); $(events_of Pod "$(pod_name)")"
  elif has_ended; then
    echo "etcd ended: $(last_log | reason_in_log "kubectl -n $(setting namespace) logs $(pod_name) --previous")"
  else
    echo "etcd runs: $(last_log | reason_in_log "kubectl -n $(setting namespace) logs $(pod_name)")"
  fi
}

unscheduled() {
  pod_says '{.status.conditions[?(@.type=="PodScheduled")].message}'
}

waiting_reason() {
  pod_says '{.status.containerStatuses[?(@.name=="etcd")].state.waiting.reason} {.status.containerStatuses[?(@.name=="etcd")].state.waiting.message}' |
    grep '[^ ]' || :
}

# is_refusal REASON: etcd that ended twice on the same arguments ends a third time, and an image that could
# not be had twice is not there.
is_refusal() {
  case $1 in
    CrashLoopBackOff* | ImagePullBackOff* | InvalidImageName* | CreateContainer*Error*) ;;
    *) return 1 ;;
  esac
}

# has_ended: its etcd was started before, and ended.
has_ended() {
  [ -n "$(pod_says '{.status.containerStatuses[?(@.name=="etcd")].lastState.terminated.reason}{.status.containerStatuses[?(@.name=="etcd")].state.terminated.reason}')" ]
}

# last_log: of the process that ended last, where one did
last_log() {
  kube logs "$(pod_name)" --container=etcd --tail=200 --previous 2>/dev/null ||
    kube logs "$(pod_name)" --container=etcd --tail=200 2>/dev/null || :
}

# events_of KIND NAME: the last warning
events_of() {
  kube get events --field-selector="involvedObject.kind=$1,involvedObject.name=$2" \
    --sort-by=.lastTimestamp --output='jsonpath={range .items[*]}{.reason}: {.message}{"\n"}{end}' 2>/dev/null |
    grep -v '^\(Scheduled\|Pulling\|Pulled\|Created\|Started\|SuccessfulCreate\|Killing\): ' | tail -n 1 | grep . || echo "no event tells more"
}
