// Command writer writes to an etcd cluster at a steady rate and then tells the truth about it: how many writes
// failed, how many acknowledged ones are gone, and how long the cluster left its clients without an answer.
//
// It is built from the same client library as kube-apiserver and relies on that library's own retries only.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.etcd.io/etcd/client/pkg/v3/transport"
	clientv3 "go.etcd.io/etcd/client/v3"
	"go.uber.org/zap"
	"google.golang.org/grpc"
)

type options struct {
	endpoints      string
	endpointsFile  string
	tls            transport.TLSInfo
	prefix         string
	perSecond      int
	workers        int
	writeDeadline  time.Duration
	duration       time.Duration
	untilInputEnds bool
	readDeadline   time.Duration
	out            string
	csv            string
	clean          bool
}

func parse() options {
	var o options
	flag.StringVar(&o.endpoints, "endpoints", "http://127.0.0.1:2379", "client URLs, separated by commas")
	flag.StringVar(&o.endpointsFile, "endpoints-file", "", "file to read them from instead, again and again")
	flag.StringVar(&o.tls.TrustedCAFile, "cacert", "", "file with the trusted CA certificates")
	flag.StringVar(&o.tls.CertFile, "cert", "", "file with the client certificate")
	flag.StringVar(&o.tls.KeyFile, "key", "", "file with the client certificate's key")
	flag.StringVar(&o.prefix, "prefix", "/bench/writer/", "prefix of the keys; each run adds a part of its own")
	flag.IntVar(&o.perSecond, "rate", 200, "writes a second, all workers together")
	flag.IntVar(&o.workers, "workers", 4, "writes under way at once, at most")
	flag.DurationVar(&o.writeDeadline, "write-deadline", 2*time.Second, "deadline of one write")
	flag.DurationVar(&o.duration, "duration", 0, "how long to write; 0: until SIGTERM or SIGINT")
	flag.BoolVar(&o.untilInputEnds, "until-input-ends", false, "or until standard input ends, as it does when its other end dies")
	flag.DurationVar(&o.readDeadline, "read-deadline", 30*time.Second, "deadline of reading everything back")
	flag.StringVar(&o.out, "out", "", "file for the JSON report; default: standard output")
	flag.StringVar(&o.csv, "csv", "", "file for one line per write")
	flag.BoolVar(&o.clean, "clean", false, "delete this run's keys at the end")
	flag.Parse()
	return o
}

func main() {
	if err := run(parse()); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func run(o options) error {
	if o.perSecond < 1 || o.workers < 1 {
		return fmt.Errorf("-rate and -workers must be at least 1")
	}
	client, err := connect(o)
	if err != nil {
		return err
	}
	defer client.Close()

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	if o.duration > 0 {
		ctx, stop = context.WithTimeout(ctx, o.duration)
		defer stop()
	}
	if o.untilInputEnds {
		go func() {
			io.Copy(io.Discard, os.Stdin)
			stop()
		}()
	}

	prefix := fmt.Sprintf("%s%d-%d/", o.prefix, time.Now().UnixNano(), os.Getpid())
	if err := warmUp(client, prefix); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "writing below", prefix)
	if o.endpointsFile != "" {
		go followEndpoints(ctx, client, o.endpointsFile)
	}
	ledger := newLedger()
	write(ctx, client, ledger, prefix, o)

	lost, err := readBack(client, ledger, prefix, o.readDeadline)
	if err != nil {
		return fmt.Errorf("the writes could not be read back within %s: %w", o.readDeadline, err)
	}
	if o.clean {
		if err := clean(client, prefix, o.readDeadline); err != nil {
			return err
		}
	}
	if o.csv != "" {
		if err := ledger.writeCSV(o.csv); err != nil {
			return err
		}
	}
	return summarise(ledger, lost).write(o.out)
}

func connect(o options) (*clientv3.Client, error) {
	endpoints := split(o.endpoints)
	if o.endpointsFile != "" {
		found, err := readEndpoints(o.endpointsFile)
		if err != nil {
			return nil, err
		}
		endpoints = found
	}
	config := clientv3.Config{
		Endpoints: endpoints,
		// kube-apiserver's own values, so that what is measured here is what an apiserver would see.
		DialTimeout:          20 * time.Second,
		DialKeepAliveTime:    30 * time.Second,
		DialKeepAliveTimeout: 10 * time.Second,
		Logger:               zap.NewNop(),
	}
	if !o.tls.Empty() {
		reread, err := newRereading(o.tls)
		if err != nil {
			return nil, err
		}
		config.DialOptions = []grpc.DialOption{grpc.WithTransportCredentials(reread)}
	}
	return clientv3.New(config)
}

// warmUp makes sure of a connection, so that the first handshake does not count as a gap.
func warmUp(client *clientv3.Client, prefix string) error {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if _, err := client.Get(ctx, prefix); err != nil {
		return fmt.Errorf("no answer from the cluster within 10 s: %w", err)
	}
	return nil
}

func clean(client *clientv3.Client, prefix string, deadline time.Duration) error {
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	if _, err := client.Delete(ctx, prefix, clientv3.WithPrefix()); err != nil {
		return fmt.Errorf("keys below %s could not be deleted: %w", prefix, err)
	}
	return nil
}
