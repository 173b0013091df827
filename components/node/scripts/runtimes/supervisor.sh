# etcd as a child of supervisord, for this machine and for users without rights. supervisord is
# driven by signals and a pid file: its control socket would limit how long a folder's path may be.

runtime_tools() {
  echo supervisord env
}

runtime_running() {
  runtime_pid >/dev/null
}

runtime_pid() {
  pid_from supervisord.pid >/dev/null && pid_from etcd.pid
}

# Returns when etcd has a process.
runtime_start() {
  runtime_stop
  cp "$(setting config_dir)/current/supervisord.conf" "$(setting state_dir)/supervisord.conf"
  # Neither the lock (9) nor this shell's variables may outlive the run inside a daemon.
  env -i PATH="$PATH" HOME="${HOME:-/}" \
    supervisord --configuration "$(setting state_dir)/supervisord.conf" 9>&- ||
    fail "supervisord did not start; see $(setting log_dir)/supervisord.log"
  wait_until 10 runtime_running
}

# supervisord starts etcd anew as soon as it has ended, but the later the more often it has failed.
runtime_restart() {
  if former_pid=$(runtime_pid) && runtime_is_configured; then
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
  supervisord_pid=$(pid_from supervisord.pid) || return 0
  etcd_pid=$(pid_from etcd.pid) || etcd_pid=
  kill -TERM "$supervisord_pid"
  [ "$1" = TERM ] || [ -z "$etcd_pid" ] || kill "-$1" "$etcd_pid"
  # An etcd that supervisord starts in the moment of the signal loses its own (between fork and exec).
  wait_until 3 is_gone "$supervisord_pid" || ! late_pid=$(pid_from etcd.pid) || kill "-$1" "$late_pid"
  wait_until 60 is_gone "$supervisord_pid" ||
    fail "supervisord ($supervisord_pid) did not stop within 60 s"
  [ -z "$etcd_pid" ] || wait_until 10 is_gone "$etcd_pid" ||
    fail "etcd ($etcd_pid) did not stop within 70 s"
}

runtime_remove() {
  rm -f "$(setting state_dir)/supervisord.pid" "$(setting state_dir)/etcd.pid"
}

# Why etcd ended, in its own words.
runtime_failure() {
  last_words "$(setting log_dir)/etcd.log"
}

# pid_from FILE: prints the pid if that process is alive and belongs to this node. A number alone
# may be somebody else's after a reboot.
pid_from() {
  pid=$(cat "$(setting state_dir)/$1" 2>/dev/null) || return 1
  [ -n "$pid" ] && [ -r "/proc/$pid/cmdline" ] && ! is_gone "$pid" || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$(setting root)/" || return 1
  echo "$pid"
}

is_gone() {
  [ ! -d "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}
