package main

import (
	"context"
	"os"
	"slices"
	"strings"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const lookInterval = time.Second

func split(urls string) []string { return strings.Split(strings.TrimSpace(urls), ",") }

func readEndpoints(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return split(string(text)), nil
}

// followEndpoints has the client dial what the file says, whenever that changes, until ctx ends. While the file
// cannot be read, the client keeps what it has.
func followEndpoints(ctx context.Context, client *clientv3.Client, path string) {
	ticker := time.NewTicker(lookInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		found, err := readEndpoints(path)
		if err == nil && !slices.Equal(found, client.Endpoints()) {
			client.SetEndpoints(found...)
		}
	}
}
