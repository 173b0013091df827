# The scripts of this node. Later commands send settings and files alone, and run these. One archive, whose
# checksum tells whether it is whole.
# needs: settings

scripts_tools() {
  echo gzip sync
}

scripts_check() {
  :
}

scripts_make() {
  kept="$(setting state_dir)/scripts.tar.gz"
  tar -czf "$kept.new" -C "${payload:?}" scripts
  # Not left to the kernel: after a power cut the name must not be there without the content.
  sync "$kept.new"
  mv "$kept.new" "$kept"
}

# It goes with the node's other notes.
scripts_remove() {
  :
}
