# The folders of a node. Configuration is for everybody to read, data and log are etcd's own, the
# state (lock, payload in use, notes between runs) is this project's own.
# needs: files notes ownership retired_data settings versions

folders_tools() {
  echo dirname find grep head id sort stat
}

folders_check() {
  check_links
  # Without an owner they lie below a folder of this project's.
  [ -n "$(setting owner)" ] || return 0
  check_ways
  check_ours "$(setting data_dir)" 'member|identity|retired-.*'
  check_ours "$(setting log_dir)" 'etcd\.log.*'
  check_ours "$(setting bin_dir)" '[0-9]+\.[0-9]+\.[0-9]+.*'
  check_ours "$(setting state_dir)" "$(note_names)"
}

# What another installation has left where our links will stand would be in their way.
check_links() {
  for link in pki bin current; do
    path="$(setting config_dir)/$link"
    if [ -e "$path" ] && [ ! -L "$path" ]; then
      problem "$path was not made by this project; move it away, or set another folder"
    fi
  done
}

# etcd goes through every folder above its own. What runs has found its way.
check_ways() {
  ! runtime_running || return 0
  for above in $(folders_above | sort -u); do
    etcd_enters "$above" ||
      problem "$above has mode $(stat -c '%a (%U:%G)' "$above"), and $(setting user) has to go through it to its files; chmod o+x $above, or set other folders"
  done
}

# Everything that is there above etcd's folders, as the disk has it.
folders_above() {
  for folder in "$(setting config_dir)" "$(setting data_dir)" "$(version_dir)" $(runtime_log_dir); do
    above=$(dirname "$folder")
    until [ -d "$above" ]; do
      above=$(dirname "$above")
    done
    above=$(readlink -f "$above")
    while [ "$above" != / ]; do
      echo "$above"
      above=$(dirname "$above")
    done
  done
}

# etcd_enters FOLDER: as one of all, as its owner, in a group, or by an access list. A user that is
# still to be made will be in no other group than its own.
etcd_enters() {
  ! is_such "$1" -perm -001 || return 0
  ! is_such "$1" -user "$(setting user)" -perm -100 || return 0
  for group in "$(setting group)" $(id -G "$(setting user)" 2>/dev/null); do
    ! is_such "$1" -group "$group" -perm -010 || return 0
  done
  getfacl -p "$1" 2>/dev/null | grep -q "^user:$(setting user):..x"
}

# is_such FOLDER EXPRESSION…, of find; a user or a group that is not known is no error.
is_such() {
  such=$1
  shift
  [ -n "$(find "$such" -prune "$@" 2>/dev/null)" ]
}

# check_ours FOLDER NAMES: somebody else's files must not come into etcd's hands, nor go with it.
# NAMES, an extended regular expression: what this project or its etcd leaves there.
check_ours() {
  [ -d "$1" ] && ! is_recorded "$1" || return 0
  stranger=$(find "$1/" -mindepth 1 -maxdepth 1 | sed 's|.*/||' | grep -Evx "$2|lost\+found" | head -n 1)
  [ -z "$stranger" ] ||
    problem "$1 holds files that this project did not make, $stranger among them; move them away, or set another folder"
}

# A node that was prepared before there was this record has another one.
is_recorded() {
  if [ -e "$(folders_record)" ]; then
    grep -qxF "$1" "$(folders_record)"
  else
    [ -e "$(setting state_dir)/data" ] || [ -e "$(setting state_dir)/started" ]
  fi
}

folders_record() {
  echo "$(setting state_dir)/folders"
}

folders_make() {
  make_folders "$(setting config_dir)" "$(setting log_dir)"
  make_data_folder
  mkdir -p "$(setting state_dir)"
  chmod 0755 "$(setting config_dir)"
  chmod 0700 "$(setting state_dir)" "$(setting log_dir)"
  give_to_etcd "$(setting log_dir)"
  for ours in data_dir log_dir bin_dir state_dir; do
    setting "$ours"
  done | write_atomically "$(folders_record)"
}

# What comes to these places later is not ours: the record goes with the node's other notes.
folders_remove() {
  :
}
