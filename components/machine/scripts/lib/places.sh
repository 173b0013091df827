# Where a member is for its clients and peers. Each generation notes its own places, and the node those
# that its process was last started at: a change that moves a member may be refused, or break off.
# needs: generation settings

places() {
  echo "client_url=$(setting client_url)"
  echo "client_socket=$(setting client_socket)"
  echo "peer_url=$(setting peer_url)"
  echo "peer_socket=$(setting peer_socket)"
  echo "listen_sockets=$(setting listen_sockets)"
}

# own_place NAME: where the process was last started, or is to be if it never was.
own_place() {
  noted_place "$(setting state_dir)/places" "$1" || setting "$1"
}

# noted_place FILE NAME
noted_place() {
  [ -e "$1" ] && sed -n "s/^$2=//p" "$1"
}

# generation_place ID NAME
generation_place() {
  noted_place "$(generation_dir "$1")/places" "$2" || setting "$2"
}

# note_start_at ID: a start that breaks off may come to its end all the same. A generation that was
# written before there were these notes has none.
note_start_at() {
  {
    cat "$(generation_dir "$1")/places" 2>/dev/null || places
  } >"$(setting state_dir)/starting"
}

note_started() {
  mv "$(setting state_dir)/starting" "$(setting state_dir)/places"
}
