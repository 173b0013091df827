# etcd as a child of supervisord, for this machine and for users without rights. supervisord is
# driven by signals and a pid file: its control socket would limit how long a folder's path may be.
# needs: etcd log pids rehearsal_child say settings wait

# The path of one that is there may have blanks.
runtime_tools() {
  if [ -x "$(supervisord_program)" ]; then
    echo env
  else
    echo supervisord env
  fi
}

# The one on PATH, else the one that came with the program's own Python packages.
supervisord_program() {
  command -v supervisord || echo "$(setting supervisor_dir)/supervisord"
}

# runtime_log_dir: prints the folder that etcd's output goes to.
runtime_log_dir() {
  setting log_dir
}

runtime_running() {
  runtime_pid >/dev/null
}

runtime_pid() {
  supervisord_pid >/dev/null && etcd_pid
}

supervisord_pid() {
  pid_from "$(setting state_dir)/supervisord.pid" "$(setting root)"
}

etcd_pid() {
  pid_from "$(setting state_dir)/etcd.pid" "$(setting root)"
}

# Returns when etcd has a process.
runtime_start() {
  runtime_stop
  mark_log
  cp "$(setting config_dir)/current/supervisord.conf" "$(setting state_dir)/supervisord.conf"
  # Neither the lock (9) nor this shell's variables may outlive the run inside a daemon.
  env -i PATH="$PATH" HOME="${HOME:-/}" \
    "$(supervisord_program)" --configuration "$(setting state_dir)/supervisord.conf" 9>&- ||
    fail "supervisord did not start; see $(setting log_dir)/supervisord.log"
  wait_until 10 runtime_running
}

# supervisord starts etcd anew as soon as it has ended, but the later the more often it has failed.
runtime_restart() {
  if former_pid=$(runtime_pid) && runtime_is_configured; then
    mark_log
    kill -TERM "$former_pid"
    wait_until 60 has_another_pid
  else
    runtime_start
  fi
}

runtime_is_configured() {
  cmp -s "$(setting config_dir)/current/supervisord.conf" "$(setting state_dir)/supervisord.conf"
}

# Whether that process lives on is for the caller to see: one that is refused ends at once.
has_another_pid() {
  [ "$(cat "$(setting state_dir)/etcd.pid")" != "$former_pid" ]
}

runtime_stop() {
  end_supervisord TERM
}

# At once: supervisord is told to stop, so that it starts nothing again, and buries what it waits for.
runtime_kill() {
  end_supervisord KILL
}

# end_supervisord SIGNAL: supervisord stops with its etcd, to which SIGNAL says how. The pid is asked
# for once: supervisord removes its file a moment before it ends.
end_supervisord() {
  supervisord=$(supervisord_pid) || return 0
  etcd=$(etcd_pid) || etcd=
  kill -TERM "$supervisord"
  [ "$1" = TERM ] || [ -z "$etcd" ] || kill "-$1" "$etcd"
  # An etcd that supervisord starts in the moment of the signal loses its own (between fork and exec).
  wait_until 3 is_gone "$supervisord" || ! late=$(etcd_pid) || kill "-$1" "$late"
  wait_until 60 is_gone "$supervisord" ||
    fail "supervisord ($supervisord) did not stop within 60 s"
  [ -z "$etcd" ] || wait_until 10 is_gone "$etcd" ||
    fail "etcd ($etcd) did not stop within 70 s"
}

runtime_remove() {
  rm -f "$(setting state_dir)/supervisord.pid" "$(setting state_dir)/etcd.pid"
}

rehearsal_start() {
  child_start env -i PATH="$PATH" HOME="${HOME:-/}" timeout
}

rehearsal_runs() {
  child_runs
}

rehearsal_stop() {
  child_stop
}

rehearsal_failure() {
  child_failure
}

# Why etcd ended, in its own words. supervisord may start it before the mark could be set behind what
# the former process wrote while it stopped.
runtime_failure() {
  log_since_mark | behind_shutdown | reason_in_log "$(setting log_dir)/etcd.log"
}
