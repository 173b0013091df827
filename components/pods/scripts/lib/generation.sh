# What a member was last run with, as its pod tells it.
# needs: bootstrap_guard pod settings

has_data() {
  [ -n "$(volume_of "$(setting name)")" ] && bootstrap_guards | bootstrap_is_forbidden "$(setting name)"
}

# release_in_use: nothing while there is no pod
release_in_use() {
  pod_says '{.metadata.annotations.etcd-cluster/version}'
}
