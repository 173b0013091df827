# Before anything is touched: what the cluster of pods needs is there, and the change is one that the
# members that run can follow. Everything wrong is said at once.

check() {
  problems=0
  check_api && check_objects && check_members
  [ "$problems" -eq 0 ] || fail "$problems problem(s), nothing was changed; see above"
  say "may be brought to etcd $(setting version)"
}

problem() {
  problems=$((problems + 1))
  echo "error: $(setting name): $*" >&2
}

check_api() {
  command -v kubectl >/dev/null || {
    problem "the command kubectl is missing on this machine; install it"
    return 1
  }
  told=$(kube get namespace "$(setting namespace)" --ignore-not-found --output=name \
    --request-timeout="$(setting kube_timeout_s)s" 2>&1) || {
    problem "the API server of Kubernetes does not answer: $(echo "$told" | tail -n 1)"
    return 1
  }
  [ -n "$told" ] || {
    problem "there is no namespace $(setting namespace): kubectl create namespace $(setting namespace)"
    return 1
  }
}

check_objects() {
  class=$(setting storage_class)
  if [ -n "$class" ]; then
    [ -n "$(kube_says "storageclass/$class" '{.metadata.name}')" ] ||
      problem "there is no storage class $class; there are: $(kube get storageclasses --output=name 2>/dev/null | sed 's/.*\///' | tr '\n' ' ')"
  elif ! kube get storageclasses --output='jsonpath={.items[*].metadata.annotations.storageclass\.kubernetes\.io/is-default-class}' | grep -q true; then
    problem "Kubernetes has no default storage class; name one as kubernetes.storage.storage_class: $(kube get storageclasses --output=name 2>/dev/null | sed 's/.*\///' | tr '\n' ' ')"
  fi
  priority=$(setting priority_class)
  [ -z "$priority" ] || [ -n "$(kube_says "priorityclass/$priority" '{.metadata.name}')" ] ||
    problem "there is no priority class $priority"
  check_owner "service/$(setting service)"
  for member in $(setting names); do
    check_owner "statefulset/$member"
  done
}

# check_owner KIND/NAME: nobody else's, such as a cluster's of another name, whose objects this one would
# first take over and then lose.
check_owner() {
  owner=$(kube_says "$1" '{.metadata.name} {.metadata.labels.app\.kubernetes\.io/instance}')
  [ -z "$owner" ] || [ "${owner#* }" = "$(setting name)" ] ||
    problem "$1 is there and belongs to ${owner#* }; a cluster's name is fixed once it lives, and a namespace has one cluster"
}

check_members() {
  for member in $(setting names); do
    ! pod_runs "$member-0" || check_member "$member"
  done
}

# check_member NAME: one that runs
check_member() {
  # shellcheck disable=SC2034 # read by check_version_step
  runs=$(kube_says "pod/$1-0" '{.metadata.annotations.etcd-cluster/version}')
  member=$1
  check_version_step
  check_trust "$1"
}

# check_trust NAME: with the new certificates everybody still knows everybody. A rotation of the authority
# is several changes, and one must not begin before the former has reached every member.
check_trust() {
  trusted=$(kube_says "pod/$1-0" '{.metadata.annotations.etcd-cluster/trusted}')
  signing=$(kube_says "pod/$1-0" '{.metadata.annotations.etcd-cluster/signing}')
  signing=${signing:-$(kube_says "secret/$1-pki" '{.metadata.annotations.etcd-cluster/signing}')}
  case ",$trusted," in
    *",$(setting signing),"*) ;;
    *) problem "$1 trusts authority generation $trusted and would not know certificates that $(setting signing) signs; trust both first, run \`up\`, then go on" ;;
  esac
  case ",$(setting trusted)," in
    *",$signing,"*) ;;
    *) problem "$1 serves a certificate that authority generation $signing signed, which would be trusted no more; sign with $(setting signing) while both are trusted, run \`up\`, then go on" ;;
  esac
}
