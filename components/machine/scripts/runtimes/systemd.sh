# etcd as a service of systemd. Nothing here waits for the service to be ready: etcd tells systemd so
# when it has found a quorum, and on a first creation the others still have to be started.
# needs: etcd pids rehearsal say services settings wait

unit_file=/etc/systemd/system/etcd.service
rehearsal_service=etcd-rehearsal.service
rehearsal_unit=/run/systemd/system/$rehearsal_service

runtime_tools() {
  echo systemctl journalctl
}

# runtime_log_dir: prints the folder that etcd's output goes to.
runtime_log_dir() {
  : # the journal
}

runtime_running() {
  runtime_pid >/dev/null
}

# There is one while etcd waits for its quorum, and none between two attempts of systemd. Another etcd
# may have a service of the same name, and its own files in our folder: our binaries it has not.
runtime_pid() {
  main_pid=$(unit_says MainPID) || return 1
  [ "${main_pid:-0}" != 0 ] && runs_from "$main_pid" "$(setting config_dir)/bin" || return 1
  echo "$main_pid"
}

# Prints the unit file of an etcd.service that is not this member's: in the place of ours, or
# wherever it is from while it runs. A distribution's own that does not run makes way for ours.
foreign_service() {
  foreign=$unit_file
  [ -e "$foreign" ] || is_down || foreign=$(unit_says FragmentPath)
  [ ! -e "$foreign" ] || is_our_unit "$foreign" || echo "$foreign"
}

is_our_unit() {
  grep -qF "$(setting config_dir)/bin/etcd" "$1"
}

unit_says() {
  systemctl show etcd.service --property "$1" --value
}

# To systemd a start and a restart are one: a restart starts what is down, and where systemd itself is
# about to start a failed etcd again, a start would be taken for done.
runtime_start() {
  runtime_restart
}

# Returns when etcd was started anew. Every start has a number of its own, so one that ended at once
# is seen too.
runtime_restart() {
  former_invocation=$(unit_says InvocationID)
  place etcd.service "$unit_file" 0644 &&
    systemctl enable --quiet --no-reload etcd.service &&
    { knows_unit etcd.service || systemctl daemon-reload; } &&
    systemctl restart --no-block etcd.service &&
    wait_until 60 has_begun
}

# knows_unit NAME: systemd has read the unit file as it is. To read all units anew takes as long as etcd's restart.
knows_unit() {
  case $(systemctl show "$1" --property LoadState --property NeedDaemonReload | sort | tr '\n' ' ') in
    "LoadState=loaded NeedDaemonReload=no ") ;;
    *) return 1 ;;
  esac
}

# Its process is etcd by now, not systemd's that becomes etcd or a look at the data folder before; or
# it has ended.
has_begun() {
  unit=$(systemctl show etcd.service --property InvocationID --property SubState --property MainPID)
  invocation=$(echo "$unit" | sed -n 's/^InvocationID=//p')
  [ -n "$invocation" ] && [ "$invocation" != "$former_invocation" ] || return 1
  case $unit in
    *SubState=start-pre*) return 1 ;;
    *MainPID=0*) ;;
    *) runs_from "$(echo "$unit" | sed -n 's/^MainPID=//p')" "$(setting config_dir)/bin" ;;
  esac
}

runtime_stop() {
  [ -z "$(foreign_service)" ] || return 0
  is_down || systemctl stop --no-block etcd.service
  wait_until 60 is_down || fail "etcd did not stop within 60 s"
}

# At once: systemd is told to stop before, so that it starts nothing again.
runtime_kill() {
  [ -z "$(foreign_service)" ] || return 0
  is_down || systemctl stop --no-block etcd.service
  systemctl kill --signal KILL etcd.service 2>/dev/null || :
  wait_until 10 is_down || fail "etcd did not end within 10 s"
}

# An etcd that systemd will start again in a moment is not down.
is_down() {
  case $(unit_says ActiveState) in
    inactive | failed) return 0 ;;
    *) return 1 ;;
  esac
}

runtime_remove() {
  [ -z "$(foreign_service)" ] || return 0
  [ ! -e "$unit_file" ] || systemctl disable --quiet --no-reload etcd.service
  rm -f "$unit_file"
  systemctl daemon-reload
  systemctl reset-failed etcd.service 2>/dev/null || :
}

# Why the start that was asked for ended: what etcd said, and systemd of it.
runtime_failure() {
  said_since_start "${invocation:-}" | reason_in_log "journalctl --unit etcd"
}

# said_since_start INVOCATION
said_since_start() {
  journalctl --sync 2>/dev/null || :
  journalctl --quiet --no-pager --output cat --lines 200 \
    "_SYSTEMD_INVOCATION_ID=$1" + "INVOCATION_ID=$1"
}

# The member's unit with other folders, for one start. systemd reads a unit that is new without being
# told; one that it has in mind from before it has to read anew. The journal cannot tell whose the words of
# a process are that ended at once, so they go to a file.
rehearsal_start() {
  {
    cat "$(setting rehearsal_config)/etcd.service"
    echo "[Service]"
    echo "Restart=no"
    echo "TimeoutStartSec=$(setting rehearsal_timeout_s)"
    echo "RuntimeMaxSec=$(rehearsal_life_s)"
    # Without a word of its end, which would be taken for the reason.
    echo "KillSignal=SIGKILL"
    echo "StandardOutput=file:$(rehearsal_log)"
    echo "StandardError=inherit"
  } >"$rehearsal_unit"
  chmod 0644 "$rehearsal_unit"
  knows_unit "$rehearsal_service" || systemctl daemon-reload
  : >"$(rehearsal_log)"
  # It has started when etcd serves.
  systemctl start "$rehearsal_service" 2>/dev/null
}

rehearsal_runs() {
  systemctl is-active --quiet "$rehearsal_service"
}

rehearsal_stop() {
  [ -e "$rehearsal_unit" ] || return 0
  systemctl kill --signal KILL "$rehearsal_service" 2>/dev/null || :
  systemctl stop "$rehearsal_service" 2>/dev/null || :
  systemctl reset-failed "$rehearsal_service" 2>/dev/null || :
  rm -f "$rehearsal_unit"
}

rehearsal_failure() {
  {
    said_since_start "$(systemctl show "$rehearsal_service" --property InvocationID --value)"
    cat "$(rehearsal_log)"
  } | reason_in_log "$(rehearsal_log)"
}
