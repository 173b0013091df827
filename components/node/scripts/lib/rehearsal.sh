# What a start beside the member leaves.

# rehearsal_end: also of a run that broke off
rehearsal_end() {
  rehearsal_stop
  rm -rf "$(setting rehearsal_config)" "$(setting rehearsal_data)"
}

# rehearsal_log: what etcd said there; it stays until the next one.
rehearsal_log() {
  echo "$(setting state_dir)/rehearsal.log"
}
