# Before there is a pod: what the member may enter when it starts without data.

enter() {
  [ "$1" = create ] || return 0
  enter_cluster
}
