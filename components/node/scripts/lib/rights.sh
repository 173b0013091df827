# With etcd's own auth on, this node asks as the user that its certificate names.

# need_rights WHAT TOLD: fails if etcd has refused for want of a role, with whom to give it.
need_rights() {
  case $2 in
    *"etcdserver: permission denied"*) ;;
    *) return 0 ;;
  esac
  asker=$(setting etcd_user)
  fail "${1}etcd's auth is on, and its user $asker, as whom this node asks, has not the role root; as root: etcdctl user add $asker --no-password; etcdctl user grant-role $asker root"
}
