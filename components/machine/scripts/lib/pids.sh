# Processes by number.

# pid_from FILE FOLDER: prints the pid if that process is alive and names FOLDER in its command line.
# A number alone may be somebody else's after a reboot.
pid_from() {
  pid=$(cat "$1" 2>/dev/null) || return 1
  [ -n "$pid" ] && runs_from "$pid" "$2" || return 1
  echo "$pid"
}

# runs_from PID FOLDER: its command line names FOLDER.
runs_from() {
  command_of "$1" | grep -qF "$2/"
}

# command_of PID. A process has none in the instant in which it becomes another program, as the shell
# that starts etcd does; on a busy machine that is long enough to be met.
command_of() {
  for _ in 1 2 3 4 5; do
    ! is_gone "$1" || return 0
    command=$(tr '\0' ' ' 2>/dev/null <"/proc/$1/cmdline") || return 0
    [ -z "$command" ] || break
    sleep 0.1
  done
  echo "$command"
}

is_gone() {
  [ ! -d "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}
