# Whether a member without data may enter a cluster, and which. etcd reads `initial-*` on an empty volume
# only, and from its environment, which a container gets anew at each start: a ConfigMap of the member's
# own. Shut, it names the member alone as a cluster that exists, and etcd refuses to start empty: a
# volume that was lost must not come back under the old identity, whoever starts the pod.

# open_door STATE INITIAL-CLUSTER: new for founders, existing for those who join.
open_door() {
  turn_door "$(setting name)" "{\"ETCD_INITIAL_CLUSTER_STATE\":\"$1\",\"ETCD_INITIAL_CLUSTER\":\"$2\"}"
}

# shut_door NAME
shut_door() {
  turn_door "$1" "{\"ETCD_INITIAL_CLUSTER_STATE\":\"existing\",\"ETCD_INITIAL_CLUSTER\":\"$(alone "$1")\"}"
}

# take_another_folder: the data of a member that was one before stays where it is.
take_another_folder() {
  former=$(door_says "$(setting name)" ETCD_DATA_DIR)
  turn_door "$(setting name)" "{\"ETCD_DATA_DIR\":\"${former%-*}-$((${former##*-} + 1))\"}"
}

# turn_door NAME DATA
turn_door() {
  told=$(kube patch configmap "$1-entry" --type=merge --patch="{\"data\":$2}" 2>&1) ||
    fail "the ConfigMap $1-entry could not be changed: $told"
}

# door_says NAME KEY
door_says() {
  kube_says "configmap/$1-entry" "{.data.$2}"
}

# is_shut NAME
is_shut() {
  [ "$(door_says "$1" ETCD_INITIAL_CLUSTER_STATE)" = existing ] &&
    [ "$(door_says "$1" ETCD_INITIAL_CLUSTER)" = "$(alone "$1")" ]
}

# alone NAME: as a cluster of one
alone() {
  setting peer_urls | tr ',' '\n' | grep "^$1="
}
