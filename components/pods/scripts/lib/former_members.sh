# The members that the former stack file expected to run: their StatefulSets are still there.
# needs: kube settings

former_members() {
  kube_get statefulsets --selector="$(setting selector)" --output='jsonpath={range .items[*]}{.metadata.name} {end}'
}

forget_former_members() {
  :
}
