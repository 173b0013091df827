# Before anything is remembered of a cluster: the place that the stack file names is there, with all that its
# pods need.
# needs: kube pod problems settings variables
# sets: last_output

look() {
  check_api && check_needs
  require_no_problem "Kubernetes has what the pods need"
}

check_api() {
  command -v kubectl >/dev/null || {
    problem "the command kubectl is missing on this machine; install it"
    return 1
  }
  last_output=$(kube get namespace "$(setting namespace)" --ignore-not-found --output=name 2>&1) || {
    problem "the API server of Kubernetes does not answer: $(echo "$last_output" | tail -n 1)"
    return 1
  }
  [ -n "$last_output" ] || {
    problem "there is no namespace $(setting namespace): kubectl create namespace $(setting namespace)"
    return 1
  }
  for right in "create pods/exec" "create pods" "delete pods" "create secrets" "delete secrets" "patch statefulsets/scale" "list controllerrevisions.apps"; do
    # shellcheck disable=SC2086 # a verb and a resource
    kube auth can-i --quiet $right 2>/dev/null || problem "kubectl has no right to $right in that namespace"
  done
}

check_needs() {
  ! lacks_a_volume || check_storage_class
  priority=$(setting priority_class)
  [ -z "$priority" ] || [ -n "$(kube_says "priorityclass/$priority" '{.metadata.name}')" ] ||
    problem "there is no priority class $priority"
}

lacks_a_volume() {
  for volume in $(setting named); do
    [ -n "$(volume_of "$volume")" ] || return 0
  done
  return 1
}

check_storage_class() {
  classes=$(kube_get storageclasses --output='jsonpath={range .items[*]}{.metadata.name} {.metadata.annotations.storageclass\.kubernetes\.io/is-default-class}{"\n"}{end}')
  there_are=$(echo "$classes" | sed 's/ .*//' | tr '\n' ' ')
  class=$(setting storage_class)
  if [ -n "$class" ]; then
    echo "$classes" | grep -q "^$class " || problem "there is no storage class $class; there are: $there_are"
  else
    echo "$classes" | grep -q ' true$' ||
      problem "Kubernetes has no default storage class; name one as kubernetes.storage.storage_class: $there_are"
  fi
}
