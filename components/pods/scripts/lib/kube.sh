# The API server of Kubernetes, asked with kubectl from the machine that runs Pulumi.

# kube KUBECTL-ARGUMENTS…: in the cluster's namespace
kube() {
  set -- --namespace="$(setting namespace)" "$@"
  [ -z "$(setting context)" ] || set -- --context="$(setting context)" "$@"
  [ ! -e "${payload:?}/files/kubeconfig" ] || set -- --kubeconfig="$payload/files/kubeconfig" "$@"
  kubectl "$@"
}

# kube_says WHAT JSONPATH: prints it of an object such as pod/etcd0-0; nothing if there is none.
kube_says() {
  kube get "$1" --ignore-not-found --request-timeout="$(setting kube_timeout_s)s" --output="jsonpath=$2"
}
