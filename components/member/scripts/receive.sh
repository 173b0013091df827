# Receives a payload (a gzipped tar in base64 on standard input) and runs one action with it. It is
# the first line of what is sent, in base64, and the command's text runs it with the rest as its input.
# The arguments:
#   $1 action (prepare, apply, health, retire)   $2 mode (create, update, delete)
#   $3 the node's state folder                   $4 deadline_s, also for a run that is still going on
# needs: variables
# sets: last_output
set -eu
umask 077

command -v flock >/dev/null || {
  echo "error: the command flock is missing; install the package that has it" >&2
  exit 69
}
mkdir -p "$3"
exec 9>"$3/lock"
waited_s=0
until flock -n 9; do
  if [ "$waited_s" -ge "$4" ]; then
    echo "error: another run has held $3/lock for $4 s; look what it waits for, or end it" >&2
    exit 75
  fi
  # busybox's timeout looks once a second whether its command has ended, and holds the lock till then.
  [ "$waited_s" -ne 2 ] || echo "waiting for the run that holds $3/lock" >&2
  sleep 1
  waited_s=$((waited_s + 1))
done

# Keys are unpacked here: a folder of our own, gone with this run or at the latest with the next.
rm -rf "$3/work"
mkdir "$3/work"
trap 'rm -rf "$3/work"' EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM
last_output=$(base64 -d | tar -xzf - -C "$3/work" 2>&1) || {
  echo "error: what was sent could not be unpacked in $3/work: $(echo "$last_output" | head -n 1)" >&2
  exit 74
}

# Most payloads have no scripts: `prepare` has left them on the node.
if [ ! -e "$3/work/scripts" ]; then
  last_output=$(tar -xzf "$3/scripts.tar.gz" -C "$3/work" 2>&1) || {
    echo "error: $1 cannot run: this node has no scripts of this project: $(echo "$last_output" | head -n 1). If a removal of this node was interrupted, finish it (\`up\` without this node, or \`destroy\`); otherwise set maintenance.prepare to another text and run \`up\` again, which brings them back" >&2
    exit 69
  }
fi
status=0
timeout -k 10 "$4" sh "$3/work/scripts/main.sh" "$1" "$2" || status=$?
# 124 from GNU timeout, 143 from busybox's; 137 from both when TERM was not enough.
case $status in
  124 | 137 | 143) echo "error: $1 did not finish within $4 s, or was ended" >&2 ;;
esac
exit "$status"
