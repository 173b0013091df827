# Before anything is touched: what is there is ours, and the change is one that the members that run can
# follow.
# needs: kube problems settings variables version_step
# sets: problem_member running_version

check() {
  check_owners
  check_members
  require_no_problem "may be brought to etcd $(setting version)"
}

# check_owners: of the objects that there are, in one answer
check_owners() {
  wanted="service/$(setting service)"
  for name in $(setting named); do
    wanted="$wanted statefulset/$name"
  done
  # shellcheck disable=SC2086 # objects
  owners=$(kube_get $wanted --ignore-not-found --output=jsonpath='{range .items[*]}{.kind}/{.metadata.name} {.metadata.labels.app\.kubernetes\.io/instance} {.metadata.annotations.etcd-cluster/authority}{"\n"}{end}')
  for owned in $wanted; do
    line=$(echo "$owners" | awk -v owned="$owned" 'tolower($1) == owned')
    [ -z "$line" ] || check_owner "$owned" "${line#* }"
  done
}

# check_owner KIND/NAME OWNER: nobody else's, such as a cluster's of another name or of another stack, whose
# objects this one would first take over and then lose.
check_owner() {
  owner=$2
  case $owner in
    "$(setting name) $(setting authority)") ;;
    "$(setting name) "*)
      problem "$1 is there and belongs to another cluster of this name (authority ${owner#* }); restore the state of its stack, or take another namespace: each has one cluster"
      ;;
    *)
      problem "$1 is there and belongs to ${owner% *}; a cluster keeps its name, and a namespace has one cluster"
      ;;
  esac
}

check_members() {
  running=$(kube_get pods --selector="$(setting selector)" --output=jsonpath='{range .items[*]}{.metadata.labels.etcd-cluster/member} {.metadata.annotations.etcd-cluster/version} {.metadata.annotations.etcd-cluster/trusted} {.metadata.annotations.etcd-cluster/signing} {.status.containerStatuses[?(@.name=="etcd")].state.running.startedAt}{"\n"}{end}')
  for problem_member in $(setting named); do
    # Without the mark of a script it has four fields.
    line=$(echo "$running" | awk -v member="$problem_member" '$1 == member && NF >= 4')
    [ -z "$line" ] || check_member "$line"
  done
  problem_member=
}

# check_member "NAME VERSION TRUSTED [SIGNING] STARTED": one that runs
check_member() {
  # shellcheck disable=SC2086 # its words
  set -- $1
  running_version=$2
  check_version_step
  signing=
  [ "$#" -lt 5 ] || signing=$4
  check_trust "$3" "${signing:-$(kube_says "secret/$1-pki" '{.metadata.annotations.etcd-cluster/signing}')}"
}

# check_trust TRUSTED SIGNING: with the new certificates everybody still knows everybody. A rotation of the
# authority is several changes, and one must not begin before the former has reached every member.
check_trust() {
  case ",$1," in
    *",$(setting signing),"*) ;;
    *) problem "trusts authority generation $1 and would not trust certificates that $(setting signing) signs; trust both first, run \`up\`, then go on" ;;
  esac
  case ",$(setting trusted)," in
    *",$2,"*) ;;
    *) problem "serves a certificate that authority generation $2 signed, which would be trusted no more; sign with $(setting signing) while both are trusted, run \`up\`, then go on" ;;
  esac
}
