# The scripts of this node. Later commands send settings and files alone, and run these.
# needs: settings

scripts_tools() {
  echo find sync
}

scripts_check() {
  :
}

scripts_make() {
  kept="$(setting state_dir)/scripts"
  rm -rf "$kept.new"
  cp -R "${payload:?}/scripts" "$kept.new"
  # Not left to the kernel: after a power cut the name must not be there without the content.
  find "$kept.new" -exec sync '{}' +
  rm -rf "$kept"
  mv "$kept.new" "$kept"
}

# They go with the node's other notes.
scripts_remove() {
  :
}
