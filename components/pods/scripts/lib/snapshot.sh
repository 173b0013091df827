# A snapshot of the cluster, made through this member onto its volume. Only the last one is there: the
# image has no program that removes a file.
# needs: ask pod say settings variables
# sets: ask_timeout_ms last_output

# keep_snapshot NAME RELEASE
keep_snapshot() {
  snapshot_file=$(setting volume_dir)/before-change-of-version.db
  last_output=$(
    ask_timeout_ms=$(setting snapshot_timeout_ms)
    ask_in "$(pod_name)" "$(own_url)" snapshot save "$snapshot_file" &&
      pod_exec "$(pod_name)" "$((ask_timeout_ms / 1000))" etcdutl snapshot status "$snapshot_file"
  ) || fail "not restarted: no snapshot could be made in $snapshot_file: $(echo "$last_output" | tail -n 1)"
  say "snapshot $snapshot_file ($1): $(echo "$last_output" | tail -n 1 | awk -F ', ' '{ print "revision " $2 ", " $4 }')"
}
