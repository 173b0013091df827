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
  cat >"$1.new"
  mv "$1.new" "$1"
}
