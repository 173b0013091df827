# A start beside the member as a child of this run, where a service manager gives etcd no more than a
# user and limits.
# needs: etcd pids rehearsal say settings wait

# child_start COMMAND…: starts etcd by COMMAND, which is given the options of `timeout` and a command line.
child_start() {
  # COMMAND may go elsewhere first, and etcd finds its sockets in the folder that it starts in.
  # shellcheck disable=SC2016 # expanded there
  "$@" -s KILL "$(rehearsal_life_s)" \
    /bin/sh -c 'cd "$1" && exec /bin/sh "$2/run-etcd.sh" "$2" "$3"' \
    sh "$(setting rehearsal_data)" "$(setting rehearsal_config)" "$(child_pid_file)" \
    </dev/null >"$(rehearsal_log)" 2>&1 9>&- &
  child=$!
}

child_runs() {
  ! is_gone "$child" || {
    child_status=0
    wait "$child" || child_status=$?
    return 1
  }
}

# Another run may have started it.
child_stop() {
  rehearsed_pid=$(pid_from "$(child_pid_file)" "$(setting rehearsal_config)") || return 0
  kill -KILL "$rehearsed_pid"
  wait_until 10 is_gone "$rehearsed_pid" || fail "the etcd of the rehearsal ($rehearsed_pid) did not end within 10 s"
}

# child_failure: its own words, if it has any
child_failure() {
  {
    [ -z "${child_status:-}" ] || echo "$(setting rehearsal_config)/bin/etcd ended with exit code $child_status"
    tail -n 200 "$(rehearsal_log)"
  } | reason_in_log "$(rehearsal_log)"
}

child_pid_file() {
  echo "$(setting rehearsal_data)/etcd.pid"
}
