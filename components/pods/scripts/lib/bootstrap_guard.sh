# The bootstrap guard: whether a member without data may start, and in which cluster. etcd reads
# `initial-*` on an empty volume only, and from its environment, which a container gets anew at each
# start from a ConfigMap of the member's own. Where it forbids that, it names the member alone as a
# cluster that exists, and etcd refuses to start empty: a lost volume must not come back under the old
# identity, whoever starts the pod.
# needs: kube pod say settings variables
# sets: last_output

# allow_bootstrap STATE INITIAL-CLUSTER: new for founders, existing for those who join.
allow_bootstrap() {
  set_bootstrap_guard "$(setting name)" "{\"ETCD_INITIAL_CLUSTER_STATE\":\"$1\",\"ETCD_INITIAL_CLUSTER\":\"$2\"}"
}

# forbid_bootstrap NAME
forbid_bootstrap() {
  set_bootstrap_guard "$1" "{\"ETCD_INITIAL_CLUSTER_STATE\":\"existing\",\"ETCD_INITIAL_CLUSTER\":\"$(alone "$1")\"}"
}

# take_another_folder: the data of a member that was one before stays where it is, and no name is used twice.
take_another_folder() {
  use_folder "$(setting volume_dir)/member-$(date +%s)"
}

# use_folder FOLDER
use_folder() {
  set_bootstrap_guard "$(setting name)" "{\"ETCD_DATA_DIR\":\"$1\"}"
}

# note_folder GUARDS: at the claim, which may outlive the ConfigMap.
note_folder() {
  noted_folder=$(echo "$1" | awk -v name="$(setting name)-entry" '$1 == name { print $4 }')
  [ "$(folder_of_volume)" = "$noted_folder" ] || note_at "pvc/data-$(pod_name)" "folder=$noted_folder"
}

folder_of_volume() {
  kube_says "pvc/data-$(pod_name)" '{.metadata.annotations.etcd-cluster/folder}'
}

# set_bootstrap_guard NAME DATA
set_bootstrap_guard() {
  last_output=$(kube patch configmap "$1-entry" --type=merge --patch="{\"data\":$2}" 2>&1) ||
    fail "the ConfigMap $1-entry could not be changed: $last_output"
}

# bootstrap_guards: one line "ConfigMap state initial-cluster folder" for each member, in one answer
bootstrap_guards() {
  kube_get configmaps --selector="$(setting selector)" --output=jsonpath='{range .items[*]}{.metadata.name} {.data.ETCD_INITIAL_CLUSTER_STATE} {.data.ETCD_INITIAL_CLUSTER} {.data.ETCD_DATA_DIR}{"\n"}{end}'
}

# bootstrap_is_allowed NAME, of the guards on standard input: to founders, none of whom has been in a
# quorum yet
bootstrap_is_allowed() {
  awk -v name="$1-entry" '$1 == name && $2 == "new" { found = 1 } END { exit !found }'
}

# bootstrap_is_forbidden NAME, of the guards on standard input
bootstrap_is_forbidden() {
  awk -v name="$1-entry" -v alone="$(alone "$1")" '
    $1 == name && $2 == "existing" && $3 == alone { found = 1 }
    END { exit !found }'
}

# alone NAME: as a cluster of one
alone() {
  setting peer_urls | tr ',' '\n' | grep "^$1="
}
