//go:build tools

// Package tools pins etcd and its two command lines, so that go.mod and go.sum
// carry the checksums of everything that the toolchain compiles.
package tools

import (
	_ "go.etcd.io/etcd/etcdctl/v3"
	_ "go.etcd.io/etcd/etcdutl/v3"
	_ "go.etcd.io/etcd/server/v3"
)
