# The init system's service called etcd. Another etcd of that name would end when ours is laid down.
# needs: settings

service_tools() {
  :
}

service_check() {
  [ "$(setting replaces_packaged_service)" = no ] || ! is_down || return 0
  for file in $(foreign_service); do
    problem "$file is the service of an etcd that is not this member's; stop and disable that service (its data stays where it is) and move the file away, or set up this member on another machine"
  done
}

service_make() {
  :
}

# The runtime removes what is ours.
service_remove() {
  :
}
