# Files of a machine's own init system, which looks for them in its own folders.
# needs: files settings

# place NAME TARGET MODE: the file NAME of the generation in use is TARGET, for all to read.
place() {
  placed="$(setting config_dir)/current/$1"
  if ! cmp -s "$placed" "$2"; then
    (umask 022 && mkdir -p "$(dirname "$2")") && write_atomically "$2" <"$placed" || return 1
  fi
  chmod "$3" "$2"
}
