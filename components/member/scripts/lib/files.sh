# Changes that a reader sees whole or not at all.

# make_folders FOLDER…: with everything above them, for everybody to enter.
make_folders() {
  (
    umask 022
    mkdir -p "$@"
  )
}

# link_atomically TARGET LINK: points LINK at TARGET in one step.
link_atomically() {
  [ "$(readlink "$2" 2>/dev/null || :)" != "$1" ] || return 0
  ln -sfn "$1" "$2.new"
  mv -T "$2.new" "$2"
}

# write_atomically FILE: writes standard input to FILE in one step.
write_atomically() {
  # Not left to `set -e`, which sleeps where this is a condition.
  cat >"$1.new" && mv "$1.new" "$1"
}

# is_mount_point FOLDER: a disk of its own, or one that is bound there. The kernel writes a space in
# a name as \040.
is_mount_point() {
  awk -v folder="$(readlink -f "$1")" '
    { gsub(/\\040/, " ", $5) }
    $5 == folder { found = 1 }
    END { exit !found }' /proc/self/mountinfo
}

# remove_folder FOLDER: a disk of its own is emptied and stays.
remove_folder() {
  if is_mount_point "$1"; then
    find "$1" -mindepth 1 -maxdepth 1 ! -name lost+found -exec rm -rf '{}' +
  else
    rm -rf "$1"
  fi
}
