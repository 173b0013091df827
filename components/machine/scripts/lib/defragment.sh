# What deleted keys and dropped revisions leave in the database's file is given back by writing it
# anew. A running etcd answers nobody meanwhile, and its clients wait until their own deadlines; a
# stopped one sends them to the others. So this is done between a stop and a start.
# needs: files generation ownership say selinux settings

# defragment_is_due: the stack file has another label than at the last time.
defragment_is_due() {
  [ -n "$(setting defragment)" ] &&
    [ "$(setting defragment)" != "$(cat "$(defragment_memory)" 2>/dev/null)" ]
}

defragment_memory() {
  echo "$(setting state_dir)/defragmented"
}

# A member that cannot be defragmented starts all the same.
defragment_if_due() {
  defragment_is_due || return 0
  if has_data; then
    runtime_stop
    write_database_anew || return 0
  fi
  setting defragment | write_atomically "$(defragment_memory)"
}

write_database_anew() {
  database=$(setting data_dir)/member/snap/db
  before_mib=$(size_mib "$database")
  defragment_output=$(timeout "$(setting defragment_timeout_s)" \
    "$(setting bin_dir)/$(setting version)/etcdutl" defrag --data-dir "$(setting data_dir)" 2>&1) ||
    return 1
  give_to_etcd "$database" && relabel "$database" || return 1
  say "defragmented, $before_mib MiB before, $(size_mib "$database") MiB now"
}

size_mib() {
  du -k "$1" | awk '{ printf "%.1f", $1 / 1024 }'
}

# The last word of a run that should have defragmented.
require_defragmented() {
  ! defragment_is_due ||
    fail "runs, but was not defragmented: $(echo "${defragment_output:-}" | tail -n 1)"
}
