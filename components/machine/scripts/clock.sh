# The node's clock against the controller's, before any certificate is written.
# needs: clock say settings

# clock MODE: `now` is the controller's Unix time when this command was made. A later update still
# has it, so it only says what the time is not before.
clock() {
  ahead_s=$(($(date +%s) - $(setting now)))
  if [ "$ahead_s" -lt -60 ]; then
    fail "its clock is $(in_words "$((-ahead_s))") behind the clock of the machine that runs Pulumi; if that one is right, $(clock_advice)"
  fi
  # A command may wait for its turn, hence two minutes more.
  if [ "$1" = create ] && [ "$ahead_s" -gt 180 ]; then
    fail "its clock is $(in_words "$ahead_s") ahead of the clock of the machine that runs Pulumi; if that one is right, $(clock_advice)"
  fi
  say "its clock is right"
}
