# Takes the service off the node. Data is kept under another name, unless the stack is throw-away
# and asks for a wipe.
# needs: files generation notes rehearsal retired_data say settings shell_profile

retire() {
  if [ "$(setting on_destroy)" = wipe ]; then
    wipe
  else
    keep
  fi
}

# What is thrown away need not be left in order: no member waits for the others' goodbye.
wipe() {
  rehearsal_end
  runtime_kill
  runtime_remove
  note_retirement
  remove_parts
  remove_configuration
  say "stopped, data in $(setting data_dir) and all else is removed"
  root=$(setting root)
  # The settings themselves lie in the state.
  for folder in "$(setting data_dir)" "$(setting log_dir)" "$(setting bin_dir)" "$(setting state_dir)"; do
    remove_folder "$folder"
  done
  # The folders above go with the last that was in them.
  rmdir "$root" 2>/dev/null && rmdir "$(dirname "$root")" 2>/dev/null || :
}

# However often it breaks off: the data is kept before the notes that say whose it is go.
keep() {
  rehearsal_end
  runtime_stop
  runtime_remove
  note_retirement
  if has_data; then
    kept=$(retired_data_path)
    echo "$kept" | write_atomically "$(setting state_dir)/retired"
    retire_data_to "$kept"
  fi
  remove_parts
  remove_configuration
  forget_node
  kept=$(cat "$(setting state_dir)/retired")
  if [ -n "$kept" ]; then
    # On standard error, which is shown: this is the last time that anybody says where it is.
    say "stopped, data kept in $kept" >&2
  else
    say "stopped, it had no data"
  fi
}

# From here on, and until it is prepared anew, nothing is started here.
note_retirement() {
  : >>"$(setting state_dir)/retired"
}

# In the opposite order of their making.
remove_parts() {
  reversed=
  for step in $(setting preparation_steps); do
    reversed="$step $reversed"
  done
  for step in $reversed; do
    "${step}_remove"
  done
}

# Only what is ours: others may keep files in the same folder.
remove_configuration() {
  profile_remove
  config_dir=$(setting config_dir)
  for ours in generations current joining pki bin etcd.env conf.yml; do
    rm -rf "${config_dir:?}/$ours"
  done
  rmdir "$config_dir" 2>/dev/null || :
}
