# Versions of etcd lie side by side below bin_dir, one folder each, there whole or not at all. In a
# folder of ours the file `origin` says what its programs came out of.
# needs: archive files say settings variables
# sets: last_output running_version

version_dir() {
  echo "$(setting bin_dir)/$(setting version)"
}

# version_of ETCD: nothing if it does not run on this machine.
version_of() {
  "$1" --version 2>/dev/null | sed -n 's/^etcd Version: //p'
}

# version_installed ORIGIN: the wanted version is there, whole, and out of that origin.
version_installed() {
  [ -n "$1" ] && [ "$(cat "$(version_dir)/origin" 2>/dev/null)" = "$1" ] &&
    [ "$(version_of "$(version_dir)/etcd")" = "$(setting version)" ]
}

# version_is_changed: says so of a program that was replaced by hand
version_is_changed() {
  installed=$(cat "$(version_dir)/digest" 2>/dev/null) || return 0
  found=$(file_sha256 "$(version_dir)/etcd" 2>/dev/null) || found=none
  [ "$found" = "$installed" ] ||
    echo "$(version_dir)/etcd is not the program that was installed (its sha256 is $found, was $installed); "
}

check_version_dir() {
  if [ -e "$(version_dir)" ] && [ ! -L "$(version_dir)" ] && [ ! -e "$(version_dir)/origin" ]; then
    problem "$(version_dir) was not made by this project; move it away, or use it as it is: install.method preinstalled with install.directory $(setting bin_dir)"
  fi
}

# Prints an empty folder on the disk of what it becomes.
version_begin() {
  make_folders "$(setting bin_dir)"
  rm -rf "$(version_dir).new"
  mkdir "$(version_dir).new"
  echo "$(version_dir).new"
}

# version_finish FOLDER ORIGIN: the filled folder becomes the version's, if its etcd is that version.
version_finish() {
  write_through "$1"
  chmod 0755 "$1" "$1"/*
  version_runs "$1"
  file_sha256 "$1/etcd" >"$1/digest"
  echo "$2" >"$1/origin"
  # Not left to the kernel: after a power cut the name must not be there without the content.
  sync "$1"/* "$1"
  rm -rf "$(version_dir).old"
  if [ -e "$(version_dir)" ] || [ -L "$(version_dir)" ]; then
    mv -T "$(version_dir)" "$(version_dir).old"
  fi
  mv -T "$1" "$(version_dir)"
  rm -rf "$(version_dir).old"
}

# write_through FOLDER: its files go to the disk a megabyte at a time. Of all at once a running etcd
# would wait for the whole at its next write: 200 ms and more. busybox's dd cannot.
write_through() {
  for file in "$1"/*; do
    if dd if="$file" of="$file.new" bs=1M oflag=dsync 2>/dev/null; then
      mv "$file.new" "$file"
    else
      rm -f "$file.new"
    fi
  done
}

version_runs() {
  if ! last_output=$("$1/etcd" --version 2>&1); then
    rm -rf "$1"
    fail "the etcd that was to be installed does not run on this machine ($(uname -m)): $(echo "$last_output" | tail -n 1)"
  fi
  running_version=$(version_of "$1/etcd")
  if [ "$running_version" != "$(setting version)" ]; then
    rm -rf "$1"
    fail "what was to be installed is etcd ${running_version:-of an unknown version}, the stack file asks for $(setting version)"
  fi
}

# Old versions go, but never the one in use, nor one that a generation which may come back runs on.
versions_prune() {
  kept=" $(setting version) $(versions_in_use | tr '\n' ' ')"
  for old in $(versions_of_ours); do
    case $kept in
      *" $old "*) ;;
      *) rm -rf "$(setting bin_dir)/${old:?}" ;;
    esac
  done
}

versions_in_use() {
  for link in "$(setting config_dir)/current/bin" "$(setting config_dir)"/generations/*/bin; do
    [ ! -L "$link" ] || basename "$(readlink "$link")"
  done
}

# What this project has put below bin_dir; others may keep something there as well.
versions_of_ours() {
  for ours in "$(setting bin_dir)"/[0-9]*.[0-9]*.[0-9]*; do
    if [ -L "$ours" ] || [ -e "$ours/origin" ]; then
      basename "$ours"
    fi
  done
}

# etcdctl and etcdutl of the version in use, for those who work on the node. The links go through the
# generation in use, so they change with it.
link_tools() {
  [ -n "$(setting tools_dir)" ] || return 0
  make_folders "$(setting tools_dir)"
  for tool in etcdctl etcdutl; do
    link="$(setting tools_dir)/$tool"
    if tool_is_ours "$tool" || [ ! -x "$(version_dir)/$tool" ]; then
      continue
    elif [ -e "$link" ] || [ -L "$link" ]; then
      say "$link was not made by this project and stays as it is"
    else
      ln -s "$(setting config_dir)/bin/$tool" "$link"
    fi
  done
}

tool_is_ours() {
  [ "$(readlink "$(setting tools_dir)/$1" 2>/dev/null)" = "$(setting config_dir)/bin/$1" ]
}

# The end of all versions.
versions_remove() {
  for tool in etcdctl etcdutl; do
    if [ -n "$(setting tools_dir)" ] && tool_is_ours "$tool"; then
      rm -f "$(setting tools_dir)/$tool"
    fi
  done
  for old in $(versions_of_ours); do
    rm -rf "$(setting bin_dir)/${old:?}"
  done
  rmdir "$(setting bin_dir)" 2>/dev/null || :
}
