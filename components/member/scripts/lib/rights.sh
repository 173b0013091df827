# With etcd's own auth on, this node asks as the user that its certificate names.
# needs: etcd say settings variables
# backend: ask
# sets: last_output

# lacks_rights TOLD: etcd refuses for want of a user or of a role.
lacks_rights() {
  case $1 in
    *"etcdserver: permission denied"* | *"etcdserver: user name not found"* | *"etcdserver: user name is empty"*) ;;
    *) return 1 ;;
  esac
}

# need_rights WHAT TOLD: fails if etcd has refused so, with what is to be done.
need_rights() {
  lacks_rights "$2" || return 0
  asker=$(setting etcd_user)
  grant="etcdctl user grant-role $asker root"
  case $2 in
    *"user name not found"*)
      fail "${1}etcd's auth is on and has no user $asker, as whom this node asks with the role root; as root: etcdctl user add $asker --no-password; $grant"
      ;;
    *"user name is empty"*)
      fail "${1}etcd's auth is on, and etcd finds no user's name in this node's certificate; with its common name, $asker, this node asks as a user with the role root"
      ;;
  esac
  fail "${1}etcd's auth is on, and its user $asker, as whom this node asks, has not the role root; as root: $grant"
}

# require_rights WHAT: before anything is stopped, by a question that only the role root may ask.
require_rights() {
  last_output=$(ask "$(endpoints)" user list) || need_rights "$1" "$last_output"
}
