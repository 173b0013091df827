# The member's ports, as the kernel lists them. What our own etcd holds is well.
# needs: places settings sockets

ports_tools() {
  :
}

ports_check() {
  held=
  ! runtime_running || held=",$(listeners | tr '\n' ','),"
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

# Where our own etcd was last started, or is if its start broke off.
listeners() {
  own_place listen_sockets
  noted_place "$(setting state_dir)/starting" listen_sockets || :
}
