# The last word of an `up`: the cluster is whole, and nobody comes in any more without being let in.
# needs: bootstrap_guard cluster_health settings

health() {
  require_cluster_health
  guards=$(bootstrap_guards)
  for name in $(setting named); do
    echo "$guards" | bootstrap_is_forbidden "$name" || forbid_bootstrap "$name"
  done
}
