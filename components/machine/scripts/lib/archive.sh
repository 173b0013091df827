# A release archive of etcd, on a machine whose architecture is only known there.
# needs: say settings variables versions
# sets: last_output

archive_tools() {
  echo cut dd gzip sha256sum sync uname
}

# As etcd names it; nothing where no etcd runs. What counts is the kernel's: the programs need no
# library of the machine.
node_architecture() {
  case $(uname -m) in
    x86_64) echo amd64 ;;
    aarch64) echo arm64 ;;
    ppc64le) echo ppc64le ;;
    s390x) echo s390x ;;
  esac
}

check_architecture() {
  is=$(node_architecture)
  wanted=$(setting architecture)
  if [ -z "$is" ]; then
    problem "unsupported architecture $(uname -m): etcd runs on amd64, arm64, ppc64le and s390x, with a 64-bit kernel"
  elif [ -n "$wanted" ] && [ "$is" != "$wanted" ]; then
    problem "this machine is $is, the stack file takes it for $wanted; set architecture: $is for this node"
  fi
}

# archive_file SHA256: where it grows; whoever owns the state folder is the only one to change it.
archive_file() {
  echo "$(setting state_dir)/etcd-$1.tar.gz"
}

file_sha256() {
  sha256sum "$1" | cut -d ' ' -f 1
}

# archive_holds FILE SHA256
archive_holds() {
  [ -s "$1" ] && [ "$(file_sha256 "$1")" = "$2" ]
}

# archive_install FILE SHA256: the checked archive becomes the version's folder, and goes.
archive_install() {
  new=$(version_begin)
  top="etcd-v$(setting version)-linux-$(node_architecture)"
  # -o: the archive's owners mean nothing here.
  if ! last_output=$(tar -xzof "$1" -C "$new" "$top/etcd" "$top/etcdctl" "$top/etcdutl" 2>&1); then
    rm -rf "$new"
    fail "the archive of etcd $(setting version) could not be unpacked in $(setting bin_dir): $(echo "$last_output" | tail -n 1)"
  fi
  mv "$new/$top"/* "$new"
  rmdir "$new/$top"
  version_finish "$new" "$2"
  rm -f "$1"
}
