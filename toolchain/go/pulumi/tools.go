//go:build tools

// Package tools pins the Pulumi command line, so that go.mod and go.sum carry
// the checksums of everything that the toolchain compiles.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
