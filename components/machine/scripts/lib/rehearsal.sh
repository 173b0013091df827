# What a start beside the member leaves.
# needs: settings

# rehearsal_end: also of a run that broke off
rehearsal_end() {
  rehearsal_stop
  rm -rf "$(setting rehearsal_config)" "$(setting rehearsal_data)"
}

# rehearsal_life_s: longer than anybody waits for it, so that what it says when it is ended is no reason.
rehearsal_life_s() {
  echo $((2 * $(setting rehearsal_timeout_s)))
}

# rehearsal_log: what etcd said there; it stays until the next one.
rehearsal_log() {
  echo "$(setting state_dir)/rehearsal.log"
}
