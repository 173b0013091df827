# The last word of an `up`: the cluster is whole, and nobody comes in any more without being let in.
# needs: door settings whole

health() {
  require_whole
  all_doors=$(doors)
  for name in $(setting named); do
    echo "$all_doors" | is_shut "$name" || shut_door "$name"
  done
}
