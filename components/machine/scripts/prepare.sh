# Makes a node ready for its member, step by step. Touches nothing that runs; everything wrong is
# said at once, before anything is changed.
# needs: say settings

prepare() {
  problems=0
  check_tools
  for step in $(setting preparation_steps); do
    "${step}_check"
  done
  [ "$problems" -eq 0 ] || fail "not prepared: $problems problem(s), nothing was changed; see above"
  for step in $(setting preparation_steps); do
    "${step}_make"
  done
  rm -f "$(setting state_dir)/retired"
  say "ready for etcd $(setting version)"
}

problem() {
  problems=$((problems + 1))
  echo "error: $(setting name): $*" >&2
}

check_tools() {
  needed="awk base64 cmp cp date find flock grep mktemp mv readlink sed sort tar timeout tr $(runtime_tools)"
  for step in $(setting preparation_steps); do
    needed="$needed $("${step}_tools")"
  done
  for tool in $needed; do
    command -v "$tool" >/dev/null || problem "the command $tool is missing; install $(package_of "$tool")"
  done
}

package_of() {
  case $1 in
    supervisord) echo "the Python package supervisor there, or the distribution's: there is none on PATH" ;;
    setfacl) echo "the package acl, or set key_access: owner" ;;
    nft) echo "the package nftables, or set another firewall" ;;
    firewall-cmd) echo "the package firewalld, or set another firewall" ;;
    *) echo "the package that has it" ;;
  esac
}
