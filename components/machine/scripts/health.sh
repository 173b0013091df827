# The last word of an `up`.
# needs: cluster_health

health() {
  require_cluster_health
}
