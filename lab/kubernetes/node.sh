#!/bin/sh
# The init of a node, from power on to power off, in namespaces of its own.
# Usage: node.sh FOLDER NAME ADDRESS PROGRAMS PODS
# FOLDER has `config`, which is only read, and `disk`, which outlives a power cycle. PROGRAMS is the
# folder of kubelet and kube-proxy, PODS the network of all pods.
# Says "ready" when its network may be plugged in: an interface named eth0.
set -eu

folder=$1 name=$2 address=$3 programs=$4 pods=$5
config=$folder/config disk=$folder/disk
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# Nothing of this reaches the machine's own mounts; pods see what is mounted later, as anywhere.
mount --make-rshared /
mount -t proc proc /proc
for setting in "$config"/kernel/*; do
  mount --bind "$setting" "/proc/sys/$(basename "$setting" | tr . /)"
done
mount --bind "$disk/lib" /var/lib
mount --bind "$disk/log" /var/log
mount --bind "$config/resolv.conf" /etc/resolv.conf
mount -t tmpfs -o mode=755 tmpfs /run
hostname "$name"

echo ready
exec >&2
tries=200
until ip link show eth0 >/dev/null 2>&1; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "no eth0 was plugged in"; exit 1; }
  sleep 0.05
done
ip link set lo up
ip address add "$address/24" dev eth0
ip link set eth0 up
ip -batch "$config/routes"
echo 1 >/proc/sys/net/ipv4/ip_forward

containerd --config "$config/containerd.toml" >>/var/log/containerd.log 2>&1 &
tries=400
# A kubelet ends where it finds none.
until [ -S /run/containerd/containerd.sock ]; do
  tries=$((tries - 1))
  [ "$tries" -gt 0 ] || { echo "containerd does not start"; exit 1; }
  sleep 0.05
done
"$programs/kubelet" --config="$config/kubelet.json" --kubeconfig="$config/kubelet.kubeconfig" \
  --hostname-override="$name" --node-ip="$address" --v=2 >>/var/log/kubelet.log 2>&1 &
# The limits of connection tracking are the machine's, and stay as they are.
"$programs/kube-proxy" --kubeconfig="$config/kube-proxy.kubeconfig" --hostname-override="$name" \
  --proxy-mode=nftables --cluster-cidr="$pods" --conntrack-max-per-core=0 \
  --conntrack-tcp-timeout-established=0s --conntrack-tcp-timeout-close-wait=0s \
  >>/var/log/kube-proxy.log 2>&1 &

# Whoever waits for one child takes leave of all, also of those that others have left behind.
while :; do
  wait
  sleep 1
done
