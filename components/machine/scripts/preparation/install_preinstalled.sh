# Binaries that somebody else puts on the machine.
# needs: files settings versions

install_preinstalled_tools() {
  :
}

install_preinstalled_check() {
  [ "$(setting binaries)" = "$(version_dir)" ] || check_version_dir
  for binary in etcd etcdctl etcdutl; do
    path="$(setting binaries)/$binary"
    if [ ! -x "$path" ]; then
      problem "$path is missing; install etcd $(setting version) there, or name its folder under install.directory"
    fi
  done
  [ -x "$(setting binaries)/etcd" ] || return 0
  found=$(version_of "$(setting binaries)/etcd")
  [ "$found" = "$(setting version)" ] ||
    problem "$(setting binaries)/etcd is version ${found:-unknown}, the stack file asks for $(setting version)"
}

install_preinstalled_make() {
  make_folders "$(setting bin_dir)"
  if [ "$(setting binaries)" != "$(version_dir)" ]; then
    # Another method's folder of the same version gives way.
    [ -L "$(version_dir)" ] || rm -rf "$(version_dir)"
    link_atomically "$(setting binaries)" "$(version_dir)"
  fi
  versions_prune
  link_tools
}

install_preinstalled_remove() {
  versions_remove
}
