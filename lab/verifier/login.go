package main

import (
	"crypto/rand"

	"golang.org/x/crypto/ssh"
)

// login is a private key, and its password unless that is empty.
type login struct {
	Key      string `json:"key"`
	Password string `json:"password"`
}

// openLogin opens the key and signs with it, as a login does.
func openLogin(asked login) error {
	signer, err := open(asked)
	if err != nil {
		return err
	}
	if with, ok := signer.(ssh.AlgorithmSigner); ok && signer.PublicKey().Type() == ssh.KeyAlgoRSA {
		_, err = with.SignWithAlgorithm(rand.Reader, []byte("login"), ssh.KeyAlgoRSASHA256)
		return err
	}
	_, err = signer.Sign(rand.Reader, []byte("login"))
	return err
}

func open(asked login) (ssh.Signer, error) {
	if asked.Password == "" {
		return ssh.ParsePrivateKey([]byte(asked.Key))
	}
	return ssh.ParsePrivateKeyWithPassphrase([]byte(asked.Key), []byte(asked.Password))
}
