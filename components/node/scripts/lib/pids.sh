# Processes by number.

# pid_from FILE FOLDER: prints the pid if that process is alive and names FOLDER in its command line.
# A number alone may be somebody else's after a reboot.
pid_from() {
  pid=$(cat "$1" 2>/dev/null) || return 1
  [ -n "$pid" ] && [ -r "/proc/$pid/cmdline" ] && ! is_gone "$pid" || return 1
  tr '\0' ' ' 2>/dev/null <"/proc/$pid/cmdline" | grep -qF "$2/" || return 1
  echo "$pid"
}

is_gone() {
  [ ! -d "/proc/$1" ] || grep -q '^State:.Z' "/proc/$1/status" 2>/dev/null
}
