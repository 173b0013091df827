// Says of certificates whether two programs in Go, as etcd and its clients are, take them from each
// other: a question a line on standard input, as JSON; an answer a line, empty where both do.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

const (
	host    = "127.0.0.1"
	timeout = 10 * time.Second
)

// question: server and client both show `chain`, its leaf first, and trust `roots`. Or, asked with
// `certificates` in DER or `logins`, whether each of them can be read; then a list is the answer.
type question struct {
	Chain        string   `json:"chain"`
	Key          string   `json:"key"`
	Roots        string   `json:"roots"`
	Certificates [][]byte `json:"certificates"`
	Logins       []login  `json:"logins"`
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		answer, _ := json.Marshal(answerTo(asked))
		fmt.Println(string(answer))
	}
}

func answerTo(asked question) any {
	switch {
	case asked.Certificates != nil:
		return each(asked.Certificates, readCertificate)
	case asked.Logins != nil:
		return each(asked.Logins, openLogin)
	default:
		return textOf(verdict(asked))
	}
}

func each[T any](asked []T, try func(T) error) []string {
	answers := make([]string, len(asked))
	for at, one := range asked {
		answers[at] = textOf(try(one))
	}
	return answers
}

func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

func verdict(asked question) error {
	pair, err := tls.X509KeyPair([]byte(asked.Chain), []byte(asked.Key))
	if err != nil {
		return err
	}
	roots, err := pool(asked.Roots)
	if err != nil {
		return err
	}
	return handshake(&tls.Config{
		Certificates: []tls.Certificate{pair},
		RootCAs:      roots,
		ClientCAs:    roots,
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ServerName:   host,
	})
}

// handshake over a real connection; of the two errors that of whoever refused.
func handshake(config *tls.Config) error {
	listener, err := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if err != nil {
		panic(err)
	}
	defer listener.Close()
	served := make(chan error, 1)
	go func() {
		connection, err := listener.Accept()
		if err != nil {
			panic(err)
		}
		served <- greet(tls.Server(connection, config))
	}()
	connection, err := net.Dial("tcp", listener.Addr().String())
	if err != nil {
		panic(err)
	}
	ofClient := greet(tls.Client(connection, config))
	ofServer := <-served
	if ofClient == nil || strings.HasPrefix(ofClient.Error(), "remote error") {
		return ofServer
	}
	return ofClient
}

// greet shakes hands and closes. With TLS 1.3 a client is through before the server has looked at its
// certificate; so the server's answer is the one that counts.
func greet(connection *tls.Conn) error {
	defer connection.Close()
	if err := connection.SetDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	return connection.Handshake()
}

// pool as etcd reads a file of authorities: every block has to be a certificate.
func pool(text string) (*x509.CertPool, error) {
	found, count := x509.NewCertPool(), 0
	for rest := []byte(text); ; count++ {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		found.AddCert(certificate)
	}
	if count == 0 {
		return nil, errors.New("no certificate")
	}
	return found, nil
}
