# Whom the stack file counted on before the change that goes on: their StatefulSets are still there.
# needs: kube settings

former_members() {
  kube_get statefulsets --selector="$(setting selector)" --output='jsonpath={range .items[*]}{.metadata.name} {end}'
}

forget_former_members() {
  :
}
