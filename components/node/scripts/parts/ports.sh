# The member's ports, as the kernel lists them. Once our own etcd holds them all is well.

ports_tools() {
  :
}

ports_check() {
  ! runtime_running || return 0
  for socket in $(setting listen_sockets | tr ',' ' '); do
    if listening "${socket#*=}"; then
      problem "${socket%%=*} is already taken by another program; stop it, or choose other ports"
    fi
  done
}

ports_make() {
  :
}

ports_remove() {
  :
}
