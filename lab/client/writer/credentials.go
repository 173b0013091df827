package main

import (
	"context"
	"net"

	"go.etcd.io/etcd/client/pkg/v3/transport"
	"google.golang.org/grpc/credentials"
)

// rereading reads its files anew for each handshake. So a client follows the rotation of an authority without a
// restart: etcd's own client re-reads its certificate only, and keeps the roots that it began with.
type rereading struct {
	credentials.TransportCredentials
	files transport.TLSInfo
}

func newRereading(files transport.TLSInfo) (rereading, error) {
	config, err := files.ClientConfig()
	if err != nil {
		return rereading{}, err
	}
	return rereading{credentials.NewTLS(config), files}, nil
}

func (r rereading) ClientHandshake(
	ctx context.Context, authority string, connection net.Conn,
) (net.Conn, credentials.AuthInfo, error) {
	now, err := newRereading(r.files)
	if err != nil {
		return nil, nil, err
	}
	return now.TransportCredentials.ClientHandshake(ctx, authority, connection)
}

func (r rereading) Clone() credentials.TransportCredentials {
	return rereading{r.TransportCredentials.Clone(), r.files}
}
