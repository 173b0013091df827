# The data folder is empty, or was made by this very member. Anybody else's stays untouched.
# needs: files generation retired_data settings

data_tools() {
  echo tr
}

data_check() {
  if ! has_data || is_own_data; then
    return
  elif [ -s "$(data_record)" ]; then
    problem "$(setting data_dir) is not known as this member's: $(data_record) says (cluster, member, folder) $(cat "$(data_record)"), and this is $(data_identity); set those again, or move the folder away"
  elif is_http_data; then
    problem "$(setting data_dir) holds an etcd data folder that was made over http; files cannot take it to https, as the members' http addresses are in it. Take a snapshot (etcdctl snapshot save) from its cluster, move the folder away, and restore the snapshot into the cluster that this stack makes; or set another folder for data"
  else
    problem "$(setting data_dir) holds an etcd data folder that this stack did not make; move it away, or set another folder for data"
  fi
}

# Before the first start, so that whatever etcd writes there is known to be ours.
data_make() {
  data_identity | write_atomically "$(data_record)"
  rm -f "$(setting data_dir)/identity"
}

# What comes to this place later is not ours: the record goes with the node's other notes.
data_remove() {
  :
}

data_identity() {
  echo "$(setting cluster) $(setting name) $(setting data_dir)"
}

is_own_data() {
  recorded=$(cat "$(data_record)" 2>/dev/null || cat "$(setting data_dir)/identity" 2>/dev/null || :)
  case $recorded in
    "$(data_identity)") ;;
    # Nodes that were prepared before there was a record.
    '') [ -e "$(setting config_dir)/current" ] || [ -e "$(setting state_dir)/started" ] ;;
    # Moved by hand, alone or with the whole project; a copy is not.
    "$(setting cluster) $(setting name) "*) [ ! -d "${recorded#* * }/member" ] ;;
    *) return 1 ;;
  esac
}

# etcd keeps each member's addresses as JSON in its database, and until the first snapshot in its log.
is_http_data() {
  for file in "$(setting data_dir)"/member/snap/db "$(setting data_dir)"/member/wal/*.wal; do
    # A database may have gigabytes.
    if timeout 20 tr -s '\000' '\n' <"$file" | LC_ALL=C grep -q -F '"peerURLs":["http://'; then
      return
    fi
  done 2>/dev/null
  return 1
}
