# The last word of an `up`: the cluster is whole, and nobody comes in any more without being let in.

health() {
  require_whole
  for name in $(setting named); do
    is_shut "$name" || shut_door "$name"
  done
}
