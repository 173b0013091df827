# Starts etcd beside the member, with all that it is to be started with, until it has served one read
# over TLS. No member's turn comes before all have done so: what etcd refuses costs nobody a restart.

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
  rehearsal_served=
  ! rehearsal_start || wait_until "$(setting rehearsal_timeout_s)" rehearsal_serves_or_ended || :
  [ -n "$rehearsal_served" ] ||
    fail "etcd does not start with the new configuration, so no member was restarted: $(version_is_changed)$(rehearsal_failure)"
  say "etcd starts with the new configuration"
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

rehearsal_serves_or_ended() {
  if rehearsal_serves; then
    rehearsal_served=yes
  else
    ! rehearsal_runs
  fi
}

# The socket lies in the folder that etcd was started in.
# shellcheck disable=SC2034 # read by credential
rehearsal_serves() (
  cd "$(setting rehearsal_data)" || exit
  credentials_from=payload
  is_healthy "$(setting rehearsal_socket)"
)
