module etcd-cluster/lab/verifier

go 1.25.0
