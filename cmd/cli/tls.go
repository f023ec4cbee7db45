package cli

import (
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"broadsheet.example/configs"
)

// reloadEvery is how often, at most, a handshake looks whether the files of the
// certificate have changed.
const reloadEvery = 10 * time.Second

// certificate is that of the public listener. It follows its files: who renews
// them need tell nobody.
type certificate struct {
	files configs.TLS
	log   *slog.Logger

	mu      sync.Mutex
	current *tls.Certificate
	stamp   string
	looked  time.Time
}

// secure makes a listener speak TLS, if the configuration names a certificate.
func secure(l net.Listener, files configs.TLS, log *slog.Logger) (net.Listener, error) {
	if files == (configs.TLS{}) {
		return l, nil
	}
	c := &certificate{files: files, log: log}
	if err := c.load(); err != nil {
		return nil, err
	}
	return tls.NewListener(l, &tls.Config{MinVersion: tls.VersionTLS12, NextProtos: []string{"http/1.1"}, GetCertificate: c.get}), nil
}

// get returns the certificate for a handshake. One that cannot be read leaves the
// one before it in use.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Since(c.looked) < reloadEvery {
		return c.current, nil
	}
	if c.looked = time.Now(); c.stampOfFiles() == c.stamp {
		return c.current, nil
	}
	if err := c.load(); err != nil {
		c.log.Error("the new certificate cannot be used, the old one stays", "err", err)
	} else {
		c.log.Info("new certificate", "file", c.files.Cert, "until", c.current.Leaf.NotAfter)
	}
	return c.current, nil
}

// load reads the files.
func (c *certificate) load() error {
	c.stamp, c.looked = c.stampOfFiles(), time.Now()
	pair, err := tls.LoadX509KeyPair(c.files.Cert, c.files.Key)
	if err != nil {
		return fmt.Errorf("api.tls: read certificate %s and key %s: %w", c.files.Cert, c.files.Key, err)
	}
	if time.Now().After(pair.Leaf.NotAfter) {
		c.log.Warn("the certificate has expired", "file", c.files.Cert, "on", pair.Leaf.NotAfter)
	}
	c.current = &pair
	return nil
}

// stampOfFiles changes when the files do.
func (c *certificate) stampOfFiles() string {
	var stamp strings.Builder
	for _, name := range []string{c.files.Cert, c.files.Key} {
		if info, err := os.Stat(name); err == nil {
			stamp.WriteString(fmt.Sprint(info.ModTime().UnixNano(), " ", info.Size(), " "))
		}
	}
	return stamp.String()
}
