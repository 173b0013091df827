package main

import (
	"context"
	"fmt"
	"sync"
	"time"

	clientv3 "go.etcd.io/etcd/client/v3"
)

// write keeps the rate until ctx ends. Writes under way by then are waited for, each within its own deadline.
func write(ctx context.Context, client *clientv3.Client, ledger *ledger, prefix string, o options) {
	sequence := make(chan int)
	var workers sync.WaitGroup
	for range o.workers {
		workers.Go(func() {
			for number := range sequence {
				ledger.add(put(client, prefix, number, o.writeDeadline))
			}
		})
	}
	pace(ctx, sequence, time.Second/time.Duration(o.perSecond))
	close(sequence)
	workers.Wait()
	ledger.finish(time.Now())
}

// pace hands out one number a tick. While every worker is busy, ticks pass unused: a cluster that hangs is not
// greeted with a burst when it comes back.
func pace(ctx context.Context, sequence chan<- int, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for number := 0; ; number++ {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		select {
		case <-ctx.Done():
			return
		case sequence <- number:
		}
	}
}

func put(client *clientv3.Client, prefix string, number int, deadline time.Duration) record {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	entry := record{number: number, started: time.Now()}
	response, err := client.Put(ctx, key(prefix, number), value(prefix, number))
	entry.ended = time.Now()
	if err != nil {
		entry.failure = err.Error()
	} else {
		entry.revision, entry.term = response.Header.Revision, response.Header.RaftTerm
	}
	return entry
}

func key(prefix string, number int) string { return fmt.Sprintf("%s%010d", prefix, number) }

func value(prefix string, number int) string { return fmt.Sprintf("%d of %s", number, prefix) }
