# Makes a node ready for its member. Touches nothing that runs; everything wrong is said at once.

prepare() {
  problems=0
  check_tools
  check_ports
  check_binaries
  [ "$problems" -eq 0 ] || fail "not prepared: $problems problem(s), nothing was changed; see above"
  make_folders
  link_atomically "$(setting binaries)" "$(setting bin_dir)/$(setting version)"
  say "ready for etcd $(setting version)"
}

problem() {
  problems=$((problems + 1))
  echo "error: $(setting name): $*" >&2
}

check_tools() {
  for tool in awk base64 cmp cp date find flock grep mktemp mv readlink sed tar timeout tr $(runtime_tools); do
    command -v "$tool" >/dev/null || problem "the command $tool is missing; install the package that has it"
  done
}

# Ports as the kernel lists them (hexadecimal address:port). Once our own etcd holds them all is well.
check_ports() {
  ! runtime_running || return 0
  for socket in $(setting listen_sockets | tr ',' ' '); do
    if listening "${socket#*=}"; then
      problem "${socket%%=*} is already taken by another program; stop it, or choose other ports"
    fi
  done
}

check_binaries() {
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

make_folders() {
  mkdir -p "$(setting config_dir)" "$(setting bin_dir)" "$(setting log_dir)" "$(setting state_dir)"
  chmod 0755 "$(setting config_dir)" "$(setting bin_dir)"
  mkdir -p "$(setting data_dir)"
  chmod 0700 "$(setting data_dir)" "$(setting state_dir)" "$(setting log_dir)"
}
