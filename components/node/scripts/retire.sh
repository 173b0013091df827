# Takes the service off the node. Data is kept under another name, unless the stack is throw-away
# and asks for a wipe.

retire() {
  if [ "$(setting on_destroy)" = wipe ]; then
    wipe
  else
    keep
  fi
}

# What is thrown away need not be left in order: no member waits for the others' goodbye.
wipe() {
  runtime_kill
  runtime_remove
  root=$(setting root)
  say "stopped, everything below $root is removed"
  rm -rf "$root"
  # The folder of all nodes goes with the last of them.
  rmdir "$(dirname "$root")" 2>/dev/null || :
}

keep() {
  runtime_stop
  runtime_remove
  rm -rf "$(setting config_dir)"
  if [ -d "$(setting data_dir)/member" ]; then
    kept="$(setting data_dir).retired-$(date -u +%Y%m%dT%H%M%SZ)"
    mv "$(setting data_dir)" "$kept"
    # On standard error, which is shown: this is the last time that anybody says where it is.
    say "stopped, data kept in $kept" >&2
  else
    say "stopped, it had no data"
  fi
}
