# The node fetches the release archive itself.
# needs: archive say settings versions

install_release_tools() {
  archive_tools
}

install_release_check() {
  check_architecture
  check_version_dir
  pinned=$(release_sha256)
  if version_installed "$pinned" || [ -z "$(node_architecture)" ]; then
    return 0
  fi
  [ -n "$pinned" ] ||
    problem "no sha256 of etcd $(setting version) for $(node_architecture) is known; set install.sha256.$(node_architecture) (SHA256SUMS lies beside every release)"
  command -v curl >/dev/null || command -v wget >/dev/null ||
    problem "curl or wget is needed to fetch etcd; install one of them, or use install.method push"
}

install_release_make() {
  pinned=$(release_sha256)
  if ! version_installed "$pinned"; then
    release_fetch "$(release_url)" "$(archive_file "$pinned")" "$pinned"
    archive_install "$(archive_file "$pinned")" "$pinned"
    say "etcd $(setting version) installed from $(release_url)"
  fi
  versions_prune
  link_tools
}

install_release_remove() {
  versions_remove
}

release_sha256() {
  case $(node_architecture) in
    ?*) setting "sha256_$(node_architecture)" ;;
  esac
}

release_url() {
  setting archive_url | sed "s/{architecture}/$(node_architecture)/g"
}

# release_fetch URL FILE SHA256: a transfer that breaks goes on where it stopped, in this run or in
# the next one.
release_fetch() {
  why="nothing tried"
  for pause_s in 1 2 0; do
    ! archive_holds "$2" "$3" || return 0
    continued=no
    [ ! -s "$2" ] || continued=yes
    if why=$(download "$1" "$2" 2>&1); then
      check_fetched "$@"
    else
      forget_useless_start "$2"
      sleep "$pause_s"
    fi
  done
  archive_holds "$2" "$3" ||
    fail "$1 could not be fetched: $(echo "$why" | tr '\r' '\n' | tail -n 1)"
}

# Whatever is not the pinned file goes. If its beginning was an earlier run's, a whole one may come yet.
check_fetched() {
  arrived=$(file_sha256 "$2")
  [ "$arrived" != "$3" ] || return 0
  rm -f "$2"
  why="its sha256 is $arrived, wanted is $3"
  [ "$continued" = yes ] ||
    fail "$1 is not the pinned file: $why; look what that address serves, or what install.sha256 says"
}

# forget_useless_start FILE: the server has nothing after that beginning, or gives no rest of a file.
forget_useless_start() {
  case $why in
    *" 416"* | *"byte ranges"*) rm -f "$1" ;;
  esac
}

# download URL FILE: goes on with what is in FILE; ends when nothing arrives for half a minute. Some
# busybox cannot wait for so long only, and the deadline of the run has to do.
download() {
  if command -v curl >/dev/null; then
    curl -fsSL -C - --connect-timeout 15 --speed-limit 1 --speed-time 30 -o "$2" "$1"
  elif wget --help 2>&1 | grep -q -e ' -T'; then
    wget -nv -c -t 1 -T 30 -O "$2" "$1"
  else
    wget -nv -c -O "$2" "$1"
  fi
}
