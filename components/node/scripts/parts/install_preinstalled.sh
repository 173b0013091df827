# Binaries that somebody else puts on the machine.

install_preinstalled_tools() {
  :
}

install_preinstalled_check() {
  for binary in etcd etcdctl etcdutl; do
    path="$(setting binaries)/$binary"
    if [ ! -x "$path" ]; then
      problem "$path is missing; install etcd $(setting version) there, or name its folder under install.directory"
    fi
  done
  [ -x "$(setting binaries)/etcd" ] || return 0
  found=$("$(setting binaries)/etcd" --version 2>&1 | sed -n 's/^etcd Version: //p')
  [ "$found" = "$(setting version)" ] ||
    problem "$(setting binaries)/etcd is version ${found:-unknown}, the stack file asks for $(setting version)"
}

install_preinstalled_make() {
  make_folders "$(setting bin_dir)"
  link_atomically "$(setting binaries)" "$(setting bin_dir)/$(setting version)"
}

install_preinstalled_remove() {
  :
}
