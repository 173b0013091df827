# What the next pod of the member starts with. Pulumi writes it; a script goes back to a former one, and forward
# again, by the digest that each has as an annotation.
# needs: kube say settings variables wait
# sets: last_output

# template_has: the digest
template_has() {
  kube_says "statefulset/$(setting name)" '{.spec.template.metadata.annotations.etcd-cluster/cold}'
}

# revision_of DIGEST: the last one in `revisions`, which holds what was listed before
revision_of() {
  echo "${revisions:-}" | awk -v name="$(setting name)" -v cold="$1" '
    $1 == name && $2 == cold && $3 > last { last = $3 } END { print last }'
}

list_revisions() {
  wait_until "$(setting gate_timeout_s)" template_is_seen || :
  revisions=$(kube_get controllerrevisions --selector="$(setting selector)" --output=jsonpath='{range .items[*]}{.metadata.ownerReferences[0].name} {.data.spec.template.metadata.annotations.etcd-cluster/cold} {.revision}{"\n"}{end}')
}

# template_is_seen: before that, a new pod may be made of the former one.
template_is_seen() {
  seen=$(kube_says "statefulset/$(setting name)" '{.metadata.generation} {.status.observedGeneration}')
  [ -n "$seen" ] && [ "${seen% *}" = "${seen#* }" ]
}

# use_template DIGEST: non-zero if the StatefulSet has it not and never had.
use_template() {
  [ "$(template_has)" != "$1" ] || return 0
  revision=$(revision_of "$1")
  [ -n "$revision" ] || {
    list_revisions
    revision=$(revision_of "$1")
  }
  [ -n "$revision" ] || return 1
  last_output=$(kube rollout undo "statefulset/$(setting name)" --to-revision="$revision" 2>&1) ||
    fail "its StatefulSet could not be given another template: $last_output"
  # It has a new number from now on.
  revisions=$(echo "$revisions" | awk -v used="$revision" '$3 != used')
}

# The last template that the member was healthy on, before it was restarted for another.
good_template() {
  kube_says "statefulset/$(setting name)" '{.metadata.annotations.etcd-cluster/good}'
}
