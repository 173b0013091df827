# An etcd that runs, and whether it answers this node's own client.
# needs: log

refused_reads=0

# refuses_reads ANSWER: for the third time one after the other etcd took the connection and broke it off.
# Each ANSWER stands for several connections, as etcdctl tries again until its deadline.
refuses_reads() {
  case $1 in
    *"while dialing"* | *"handshake failed: context"*) refused_reads=0 ;;
    *"connection error: "*) refused_reads=$((refused_reads + 1)) ;;
    *) refused_reads=0 ;;
  esac
  [ "$refused_reads" -ge 3 ]
}

# why_no_read ANSWER WHERE: what etcd, by its log on standard input, and etcdctl say. WHERE names that log.
why_no_read() {
  rejected=$(as_json | sed -n 's/.*"msg":"\(rejected connection on client endpoint\)".*"error":"\(.*\)"}$/\1: \2; /p' | why_rejected)
  answer=$(echo "$1" | sed -n 's/.*connection error: desc = \\"\(.*\)\\""}$/\1/p; s/^Error: //p' | sed -n 1p)
  answer=${answer:-$(echo "$1" | tail -n 1)}
  echo "${rejected}etcdctl: ${answer:-no answer}" | sed 's/\\"/"/g' | bounded
  echo "(its log: $2)"
}

# why_rejected: etcd's own gateway is a client too, with a certificate for servers alone, so it is rejected
# for that even by a healthy etcd; and etcd's reason is better than what a client that was rejected says.
why_rejected() {
  awk '
    { rank = /incompatible key usage/ ? 1 : (/: remote error: / ? 2 : 3) }
    rank >= best { best = rank; reason = $0 }
    END { print reason }'
}
