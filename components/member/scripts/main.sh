# Runs one action on a node: main.sh ACTION MODE. Beside the folder of this file are `settings`
# (name=value lines) and, for apply and rehearse, the files of the member.
# needs: settings
set -eu
umask 077
scripts=$(dirname "$0")
export payload="$scripts/.."

# Variables that etcd and etcdctl would take for settings are whoever's shell this is, not ours.
for variable in $(env | sed -n 's/^\(ETCD[A-Z]*_[A-Z_]*\)=.*/\1/p'); do
  unset "$variable"
done

for shared in "$scripts"/lib/*.sh "$scripts"/runtimes/*.sh; do
  # A pod has no runtime, nor has what comes before a preparation.
  # shellcheck source=/dev/null
  [ ! -e "$shared" ] || . "$shared"
done
read_settings
for step in $(setting preparation_steps); do
  # shellcheck source=/dev/null
  . "$scripts/preparation/$step.sh"
done
# shellcheck source=/dev/null
. "$scripts/$1.sh"
"$1" "$2"
