package main

import (
	"context"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

const page = 2000

type stored struct {
	value    string
	revision int64
}

// readBack counts the acknowledged writes that are not in the store as they were acknowledged: absent, with another
// value, or written by another revision than the acknowledged one. Reads are linearizable.
func readBack(client *clientv3.Client, ledger *ledger, prefix string, deadline time.Duration) (int, error) {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	found, err := readAll(ctx, client, prefix)
	if err != nil {
		return 0, err
	}
	lost := 0
	for _, r := range ledger.records {
		want := stored{value: value(prefix, r.number), revision: r.revision}
		if r.acknowledged() && found[key(prefix, r.number)] != want {
			lost++
		}
	}
	return lost, nil
}

// readAll retries until ctx ends: the point is what is stored, not whether one read succeeds.
func readAll(ctx context.Context, client *clientv3.Client, prefix string) (map[string]stored, error) {
	found := map[string]stored{}
	end := clientv3.GetPrefixRangeEnd(prefix)
	for from := prefix; ; {
		response, err := client.Get(ctx, from, clientv3.WithRange(end), clientv3.WithLimit(page))
		if err != nil {
			if ctx.Err() != nil {
				return nil, err
			}
			time.Sleep(100 * time.Millisecond)
			continue
		}
		for _, pair := range response.Kvs {
			found[string(pair.Key)] = stored{value: string(pair.Value), revision: pair.ModRevision}
		}
		if !response.More {
			return found, nil
		}
		from = string(response.Kvs[len(response.Kvs)-1].Key) + "\x00"
	}
}
