# A snapshot of the cluster, made through this member.
# needs: ask rights say settings variables
# sets: ask_timeout_ms last_output

# keep_snapshot NAME RELEASE: checked with the programs of that release. One is kept.
keep_snapshot() {
  folder=$(setting state_dir)/snapshots
  kept=$folder/$1.db
  last_output=$(mkdir -p "$folder" 2>&1 && save_snapshot "$kept.new" && check_snapshot "$kept.new" "$2") || {
    rm -f "$kept".new* 2>/dev/null || :
    need_rights "not restarted: " "$last_output"
    fail "not restarted: no snapshot could be made in $folder: $(echo "$last_output" | tail -n 1)"
  }
  mv "$kept.new" "$kept"
  find "$folder" -type f ! -name "$1.db" -exec rm -f '{}' +
  say "snapshot $kept: $(echo "$last_output" | tail -n 1 | awk -F ', ' '{ print "revision " $2 ", " $4 }')"
}

# save_snapshot FILE: over what an interrupted run has left
save_snapshot() {
  rm -f "$1"*
  ask_timeout_ms=$(setting snapshot_timeout_ms)
  ask "$(own_url)" snapshot save "$1"
}

# check_snapshot FILE RELEASE: prints "hash, revision, keys, size" if the file is whole. Where a
# package has no etcdutl, the etcdctl of 3.5 can do it too.
check_snapshot() {
  checker="$(setting bin_dir)/$2/etcdutl"
  [ -x "$checker" ] || checker="$(setting bin_dir)/$2/etcdctl"
  "$checker" snapshot status "$1" 2>&1
}
