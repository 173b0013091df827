# How long this disk takes to make a write last, which is what etcd waits for at every commit.
# Measured before the member has data only: later it would compete with the member for the disk, and
# the member's own metrics say it better.
# needs: generation say settings

# etcd's limit for the 99th percentile of a log write, in its frequently asked questions.
latency_limit_ms=10
# The size that etcd's documentation measures with: that of a usual log write.
write_bytes=2300
writes=100

latency_tools() {
  echo dd sort
}

latency_check() {
  :
}

latency_make() {
  warn_of_swap
  has_data || report_latency
}

latency_remove() {
  :
}

warn() {
  echo "warning: $(setting name): $*" >&2
}

warn_of_swap() {
  swap_mib=$(awk 'NR > 1 { kib += $3 } END { print int(kib / 1024) }' /proc/swaps)
  [ "$swap_mib" -eq 0 ] ||
    warn "swap is on ($swap_mib MiB); a member that is swapped out misses heartbeats. Switch it off (swapoff -a, and its line in /etc/fstab), as Kubernetes asks too"
}

report_latency() {
  # busybox has no fdatasync, only fsync, which is never quicker.
  sync=fdatasync
  dd if=/dev/null conv=fdatasync 2>/dev/null >"$(probe)" || sync=fsync
  times=$(time_writes)
  if [ -z "$times" ]; then
    say "$sync not measured: neither dd nor the shell has a clock that is fine enough"
    return
  fi
  p99_ms=$(echo "$times" | percentile_ms 99)
  say "$sync p99 $p99_ms ms ($(echo "$times" | grep -c .) writes of $write_bytes B)"
  awk -v p99="$p99_ms" -v limit="$latency_limit_ms" 'BEGIN { exit !(p99 > limit) }' || return 0
  warn "the disk is slow: $sync p99 $p99_ms ms, etcd asks for less than $latency_limit_ms ms; use a faster disk, or a tuning profile for slow ones"
}

probe() {
  echo "$(setting data_dir)/latency-probe"
}

# Prints how many seconds each write took until it was on the disk, for one second at most: a whole
# cluster waits for it. etcd's log has its room from the start too. The file has no name while it is
# written, so that nothing is left of it however this ends.
time_writes() {
  case $(LC_ALL=C dd if=/dev/null 2>&1 >/dev/null) in
    *copied,*) timed_write=write_timed_by_dd timed_seconds=seconds_of_dd ;;
    *) timed_write=write_timed_by_shell timed_seconds=seconds_of_shell ;;
  esac
  exec 8>"$(probe)"
  fallocate -l "$((writes * write_bytes))" "$(probe)" 2>/dev/null || :
  rm -f "$(probe)"
  write_often | "$timed_seconds"
  exec 8>&-
}

# The clock of a second is a process, which costs less than one that tells the time at each write.
write_often() {
  sleep 1 >/dev/null 2>&1 8>&- 9>&- &
  second=$!
  written=0
  while [ "$written" -lt "$writes" ] && kill -0 "$second" 2>/dev/null; do
    "$timed_write"
    written=$((written + 1))
  done
  kill "$second" 2>/dev/null || :
}

# GNU's dd says how long it took, the wait for the disk included.
write_timed_by_dd() {
  LC_ALL=C dd if=/dev/zero bs="$write_bytes" count=1 conv="$sync" 2>&1 >&8
}

seconds_of_dd() {
  sed -n 's/.*copied, \([0-9][0-9.e-]*\) s.*/\1/p'
}

# busybox's dd mostly does not (Alpine's, Debian's), but its shell has a clock. What dd takes to
# start is taken off.
# shellcheck disable=SC3028
write_timed_by_shell() {
  before=${EPOCHREALTIME-}
  dd if=/dev/zero bs="$write_bytes" count=0 2>/dev/null >&8
  between=${EPOCHREALTIME-}
  dd if=/dev/zero bs="$write_bytes" count=1 conv="$sync" 2>/dev/null >&8
  echo "$before $between ${EPOCHREALTIME-}"
}

seconds_of_shell() {
  awk 'NF == 3 {
    seconds = ($3 - $2) - ($2 - $1)
    print (seconds > 0 ? seconds : 0) }'
}

# percentile_ms N, of seconds on standard input: the smallest that N % do not exceed
percentile_ms() {
  awk '{ printf "%.9f\n", $1 }' | sort -n | awk -v n="$1" '
    { seconds[NR] = $1 }
    END { rank = int((NR * n + 99) / 100); printf "%.1f\n", seconds[rank] * 1000 }'
}
