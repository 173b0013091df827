# The API server of Kubernetes, asked with kubectl from the machine that runs Pulumi.
# needs: settings variables

# The whole run ends when it must not go on, wherever in it that is found.
trap 'exit 1' TERM

# A kubectl lives for a tenth of a second; to collect its garbage meanwhile takes a quarter of that.
export GOGC=off

# kube KUBECTL-ARGUMENTS…: in the cluster's namespace, for `kube_limit_s` at most
kube() {
  set -- --namespace="$(setting namespace)" "$@"
  [ -z "$(setting context)" ] || set -- --context="$(setting context)" "$@"
  [ ! -e "${payload:?}/files/kubeconfig" ] || set -- --kubeconfig="$payload/files/kubeconfig" "$@"
  timeout "${kube_limit_s:-$(setting kube_timeout_s)}" kubectl "$@"
}

# kube_says WHAT JSONPATH: prints it of an object such as pod/etcd0-0; nothing if there is none.
kube_says() {
  kube_get "$1" --ignore-not-found --output="jsonpath=$2"
}

# kube_get ARGUMENTS…: an API server that does not answer ends the run. No answer is not "there is none":
# whoever took it for that would found a cluster beside one that lives, or restart who is healthy.
kube_get() {
  for _ in 1 2 3; do
    kube get "$@" 2>"$payload/kube-error" && return
    sleep 2
  done
  echo "error: $(setting name): the API server of Kubernetes does not answer: $(tail -n 1 "$payload/kube-error")" >&2
  kill -TERM $$
  exit 1
}
