// Says of chains what Go's own verifier says, which is what etcd asks. A question a line on standard
// input, as JSON; an answer a line, empty where the chain is accepted.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"os"
)

// question: the first certificate of `chain` is the leaf, the others are sent beside it. With `key`
// the pair is loaded as etcd loads one. `usages` are those that the leaf is held against, one by one.
type question struct {
	Chain  string   `json:"chain"`
	Roots  string   `json:"roots"`
	Usages []string `json:"usages"`
	Key    string   `json:"key"`
}

var usages = map[string]x509.ExtKeyUsage{
	"server_auth": x509.ExtKeyUsageServerAuth,
	"client_auth": x509.ExtKeyUsageClientAuth,
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		answer, _ := json.Marshal(verdict(asked))
		fmt.Println(string(answer))
	}
}

func verdict(asked question) string {
	if asked.Key != "" {
		if _, err := tls.X509KeyPair([]byte(asked.Chain), []byte(asked.Key)); err != nil {
			return err.Error()
		}
	}
	chain, err := certificates(asked.Chain)
	if err != nil {
		return err.Error()
	}
	trusted, err := certificates(asked.Roots)
	if err != nil {
		return err.Error()
	}
	roots, others := x509.NewCertPool(), x509.NewCertPool()
	for _, each := range trusted {
		roots.AddCert(each)
	}
	for _, each := range chain[1:] {
		others.AddCert(each)
	}
	for _, usage := range asked.Usages {
		options := x509.VerifyOptions{
			Roots:         roots,
			Intermediates: others,
			KeyUsages:     []x509.ExtKeyUsage{usages[usage]},
		}
		if _, err := chain[0].Verify(options); err != nil {
			return usage + ": " + err.Error()
		}
	}
	return ""
}

// certificates as etcd reads a file of them: every block has to be one.
func certificates(text string) ([]*x509.Certificate, error) {
	var found []*x509.Certificate
	for rest := []byte(text); ; {
		var block *pem.Block
		if block, rest = pem.Decode(rest); block == nil {
			break
		}
		certificate, err := x509.ParseCertificate(block.Bytes)
		if err != nil {
			return nil, err
		}
		found = append(found, certificate)
	}
	if len(found) == 0 {
		return nil, fmt.Errorf("no certificate")
	}
	return found, nil
}
