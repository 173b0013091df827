# Starts etcd beside the member, with all that it is to be started with, until it has served one read
# over TLS. No member's turn comes before all have done so: what etcd refuses costs nobody a restart.
# needs: ask clock files generation ownership reads rehearsal say selinux settings variables versions
# needs: wait
# sets: credentials_from read_output

rehearse() {
  if runs_on "$(setting cold)"; then
    say "the member runs with these files already"
    return
  fi
  clock_reaches "$(setting valid_from)"
  trap rehearsal_end EXIT
  trap 'exit 143' HUP INT TERM
  rehearsal_end
  rehearsal_write
  rehearsal_outcome=
  if rehearsal_start; then
    wait_until "$(setting rehearsal_timeout_s)" rehearsal_has_outcome || :
  else
    rehearsal_outcome=ended
  fi
  case $rehearsal_outcome in
    served)
      require_version
      say "etcd starts with the new configuration"
      ;;
    ended) fail "etcd does not start with the new configuration, so no member was restarted: $(version_is_changed)$(rehearsal_failure)" ;;
    *) fail "etcd starts with the new configuration, but does not answer a read, so no member was restarted: $(rehearsal_no_read)" ;;
  esac
}

# What runs was started with the program that was there then.
require_version() {
  rehearsed_version=$(version_of "$(version_dir)/etcd")
  [ "$rehearsed_version" = "$(setting version)" ] ||
    fail "$(version_dir)/etcd is etcd ${rehearsed_version:-of an unknown version}, the stack file asks for $(setting version), so no member was restarted: $(version_is_changed)put the program back"
}

rehearsal_no_read() {
  tail -n 200 "$(rehearsal_log)" | why_no_read "$read_output" "$(rehearsal_log)"
}

rehearsal_write() {
  make_folders "$(setting rehearsal_config)"
  write_files "$(setting rehearsal_config)"
  ln -s . "$(setting rehearsal_config)/current"
  ln -s "$(setting bin_dir)/$(setting version)" "$(setting rehearsal_config)/bin"
  mkdir "$(setting rehearsal_data)"
  give_to_etcd "$(setting rehearsal_data)"
  relabel "$(setting rehearsal_config)" "$(setting rehearsal_data)"
}

rehearsal_has_outcome() {
  if read_output=$(rehearsal_read); then
    rehearsal_outcome=served
  elif ! rehearsal_runs; then
    rehearsal_outcome=ended
  else
    refuses_reads "$read_output"
  fi
}

# The socket lies in the folder that etcd was started in.
rehearsal_read() (
  cd "$(setting rehearsal_data)" || exit
  credentials_from=payload
  ask "$(setting rehearsal_socket)" get health
)
