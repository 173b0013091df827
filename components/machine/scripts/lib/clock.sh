# A certificate is valid from one second to another: a node with another time refuses good ones.
# needs: init_system say wait

# clock_reaches EPOCH: waits until the node's clock (Unix time) is there
clock_reaches() {
  wait_until 60 is_past "$1" ||
    fail "its clock is $(in_words "$(($1 - $(date +%s)))") behind its certificates; $(clock_advice)"
}

is_past() {
  [ "$(date +%s)" -ge "$1" ]
}

# in_words SECONDS
in_words() {
  if [ "$1" -ge 172800 ]; then
    echo "$(($1 / 86400)) days"
  elif [ "$1" -ge 7200 ]; then
    echo "$(($1 / 3600)) hours"
  elif [ "$1" -ge 120 ]; then
    echo "$(($1 / 60)) minutes"
  else
    echo "$1 seconds"
  fi
}

clock_advice() {
  if [ "$(init_system)" = openrc ]; then
    advice="set it and keep it right: apk add chrony && rc-update add chronyd && rc-service chronyd start (or busybox's ntpd the same way)"
  else
    advice="set it and keep it right: timedatectl set-ntp true (or install chrony)"
  fi
  if ! has_clock_chip; then
    advice="$advice. This machine has no clock chip, so it starts in the past: let chrony set it at boot (makestep 1 3)"
    [ "$(init_system)" != openrc ] || advice="$advice, and rc-update add swclock boot"
  fi
  echo "$advice"
}

has_clock_chip() {
  [ -e /sys/class/rtc/rtc0 ]
}
