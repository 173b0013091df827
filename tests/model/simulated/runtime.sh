# The machine of the simulation, with its own etcd, sockets and clock, for the scripts that run on it.
# A whole runtime, as those beside it are.

# shellcheck source=/dev/null
. "${SIMULATION:?}/ask.sh"

runtime_tools() {
  :
}

runtime_running() {
  runtime_pid >/dev/null
}

runtime_pid() {
  simulated_file="$SIMULATION/pid.$(setting name)"
  [ -e "$simulated_file" ] && read -r simulated_pid <"$simulated_file" && echo "$simulated_pid"
}

runtime_start() {
  simulate start
}

runtime_restart() {
  simulate restart
}

runtime_stop() {
  simulate stop
}

runtime_remove() {
  :
}

rehearsal_stop() {
  :
}

runtime_failure() {
  echo "nobody knows why"
}

listening() {
  simulate listening "$1"
}

# Waiting costs nothing here.
sleep() {
  simulate sleep
}

date() {
  case $* in
    +%s)
      read -r simulated_now <"$SIMULATION/clock"
      echo "$simulated_now"
      ;;
    *) simulate date "$@" ;;
  esac
}

# Where a run may be killed besides its questions.
if [ -n "${SIMULATED_STEPS:-}" ]; then
  mv() { simulate mv && command mv "$@"; }
  ln() { simulate ln && command ln "$@"; }
  cp() { simulate cp && command cp "$@"; }
  rm() { simulate rm && command rm "$@"; }
fi
