# etcd as a service of OpenRC, under its supervise-daemon, which starts it again when it ends.
# needs: etcd log pids rehearsal_child say services settings wait

pid_file=/run/etcd/etcd.pid
init_script=/etc/init.d/etcd
values_file=/etc/conf.d/etcd

runtime_tools() {
  echo rc-service rc-update supervise-daemon
}

# runtime_log_dir: prints the folder that etcd's output goes to.
runtime_log_dir() {
  setting log_dir
}

runtime_running() {
  runtime_pid >/dev/null
}

# etcd's own, which run-etcd.sh has written; supervise-daemon has one more.
runtime_pid() {
  pid_from "$pid_file" "$(setting config_dir)"
}

# Prints the files in the places of ours that are not this member's.
foreign_service() {
  of_us=current/run-etcd.sh
  [ ! -e "$init_script" ] || grep -qF "$of_us" "$init_script" || echo "$init_script"
  of_us=etcd_config=$(setting config_dir)
  [ ! -e "$values_file" ] || grep -qxF "$of_us" "$values_file" || echo "$values_file"
}

is_down() {
  [ ! -x "$init_script" ] || ! of_etcd status
}

# To OpenRC an etcd that keeps failing is started, so a start has to stop it first.
runtime_start() {
  runtime_restart
}

# Returns when etcd was started anew. Whether it lives on is for the caller to see: one that is
# refused ends at once.
runtime_restart() {
  runtime_stop &&
    place_service &&
    rc-update --quiet add etcd default &&
    mark_log &&
    of_etcd start &&
    wait_until 10 test -s "$pid_file"
}

place_service() {
  place etcd.confd "$values_file" 0644 &&
    place etcd.initd "$init_script" 0755 || return 1
  [ ! -d /etc/logrotate.d ] || place etcd.logrotate /etc/logrotate.d/etcd 0644
}

runtime_stop() {
  stopped_pid=$(runtime_pid) || stopped_pid=
  [ ! -x "$init_script" ] || [ -n "$(foreign_service)" ] || of_etcd stop || fail "etcd did not stop within 60 s"
  [ -z "$stopped_pid" ] || is_gone "$stopped_pid" || end_orphan
  rm -f "$pid_file"
}

# of_etcd start|stop|status. Services that need etcd stay as they are while it restarts; neither the lock (9)
# nor the terminal may stay open in a daemon.
of_etcd() {
  timeout 60 rc-service --quiet --nodeps etcd "$1" </dev/null 9>&-
}

# An etcd whose supervise-daemon was killed.
end_orphan() {
  kill -TERM "$stopped_pid"
  wait_until 60 is_gone "$stopped_pid" || fail "etcd ($stopped_pid) did not stop within 60 s"
}

# At once. supervise-daemon waits before it starts etcd again, and is told to stop meanwhile.
runtime_kill() {
  ! killed_pid=$(runtime_pid) || kill -KILL "$killed_pid"
  runtime_stop
}

runtime_remove() {
  [ -z "$(foreign_service)" ] || return 0
  [ ! -L /etc/runlevels/default/etcd ] || rc-update --quiet del etcd default
  rm -f "$init_script" "$values_file" /etc/logrotate.d/etcd
  rm -rf /run/etcd
}

# As the init script starts it, but under no supervisor. Of the programs of this name (OpenRC's,
# dpkg's, busybox') all know --chuid, and --user is something else to two.
rehearsal_start() {
  # shellcheck disable=SC3045 # every shell of these systems has it
  ulimit -n 65536 2>/dev/null || :
  child_start start-stop-daemon --start --quiet --chuid "$(setting owner)" \
    --pidfile "$(setting rehearsal_data)/none" --exec "$(command -v timeout)" --
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

# Why etcd ended, in its own words.
runtime_failure() {
  log_since_mark | reason_in_log "$(setting log_dir)/etcd.log"
}
