# The member's ports, as the kernel lists them. What our own etcd holds is well.

ports_tools() {
  :
}

ports_check() {
  held=
  ! runtime_running || held=",$(listeners),"
  for socket in $(setting listen_sockets | tr ',' ' '); do
    case $held in
      *",$socket,"*) continue ;;
    esac
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

# What our own etcd was last told to listen on, as the part `settled` has noted it.
listeners() {
  sed -n 's/^listen_sockets=//p' "$(setting state_dir)/settled" 2>/dev/null || setting listen_sockets
}
