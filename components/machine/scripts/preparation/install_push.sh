# The controller has sent the release archive as the user who logs in, to a folder of everybody's.
# needs: archive say settings variables versions
# sets: last_output

install_push_tools() {
  archive_tools
}

install_push_check() {
  check_architecture
  check_version_dir
  if ! version_installed "$(setting sha256)" && ! sent_is_file; then
    problem "the archive $(setting sent), which had been sent to this machine, is gone; have it sent again: pulumi up --replace with the URN of this node's CopyToRemote"
  fi
}

install_push_make() {
  if ! version_installed "$(setting sha256)"; then
    copy=$(archive_file "$(setting sha256)")
    take_sent "$copy"
    archive_install "$copy" "$(setting sha256)"
    say "etcd $(setting version) installed from the archive that was sent"
  fi
  rm -f "$(setting sent)"
  versions_prune
  link_tools
}

install_push_remove() {
  versions_remove
  rm -f "$(setting sent)"
}

sent_is_file() {
  [ -f "$(setting sent)" ] && [ ! -L "$(setting sent)" ]
}

# take_sent COPY: what is checked is a copy that nobody else can change any more.
take_sent() {
  if ! last_output=$(cp "$(setting sent)" "$1" 2>&1); then
    rm -f "$1"
    fail "the archive that was sent could not be copied to $(setting state_dir): $last_output"
  fi
  arrived=$(file_sha256 "$1")
  if [ "$arrived" != "$(setting sha256)" ]; then
    rm -f "$1" "$(setting sent)"
    fail "$(setting sent) is not what was sent: its sha256 is $arrived; have it sent again: pulumi up --replace with the URN of this node's CopyToRemote"
  fi
}
