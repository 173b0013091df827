# The way to the simulation, which answers one request after the other.

# simulate WHAT…: its exit status and what it prints are the answer's.
simulate() {
  simulated_reply=${SIMULATION:?}/reply.$$
  mkfifo "$simulated_reply"
  echo "$simulated_reply $*" >"$SIMULATION/requests"
  {
    read -r simulated_status
    while IFS= read -r simulated_line; do
      printf '%s\n' "$simulated_line"
    done
  } <"$simulated_reply"
  return "$simulated_status"
}
