# The member's ports, as the kernel lists them. What our own etcd holds is well.

ports_tools() {
  :
}

ports_check() {
  held=
  ! runtime_running || held=",$(cat "$(listeners)" 2>/dev/null || setting listen_sockets),"
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
  setting listen_sockets | write_atomically "$(listeners)"
}

ports_remove() {
  rm -f "$(listeners)"
}

# What our own etcd was last told to listen on.
listeners() {
  echo "$(setting state_dir)/listeners"
}
