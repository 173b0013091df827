# The folders of a node. Configuration is for everybody to read, data and log are etcd's own, the
# state (lock, payload in use, notes between runs) is this project's own.

folders_tools() {
  echo find
}

# What another installation has left where our links will stand would be in their way.
folders_check() {
  for link in pki bin current; do
    path="$(setting config_dir)/$link"
    if [ -e "$path" ] && [ ! -L "$path" ]; then
      problem "$path was made by somebody else; move it away, or set another folder"
    fi
  done
}

folders_make() {
  make_folders "$(setting config_dir)" "$(setting log_dir)" "$(setting data_dir)"
  mkdir -p "$(setting state_dir)"
  chmod 0755 "$(setting config_dir)"
  chmod 0700 "$(setting data_dir)" "$(setting state_dir)" "$(setting log_dir)"
  give_to_etcd "$(setting data_dir)"
  give_to_etcd "$(setting log_dir)"
}

folders_remove() {
  :
}
