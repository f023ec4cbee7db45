package cli

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"io"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"broadsheet.example/configs"
)

// writeCertificate writes a certificate of its own for this machine.
func writeCertificate(t *testing.T, files configs.TLS, serial int64) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, IsCA: true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, &about, &about, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	for name, block := range map[string]pem.Block{files.Cert: {Type: "CERTIFICATE", Bytes: cert}, files.Key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(&block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func filesIn(dir string) configs.TLS {
	return configs.TLS{Cert: filepath.Join(dir, "cert.pem"), Key: filepath.Join(dir, "key.pem")}
}

func TestCertificateFollowsItsFiles(t *testing.T) {
	files := filesIn(t.TempDir())
	var log buffer
	c := &certificate{files: files, log: slog.New(slog.NewTextHandler(&log, nil))}
	if err := c.load(); err == nil || !strings.Contains(err.Error(), files.Cert) {
		t.Errorf("without files: %v", err)
	}
	serial := func() string {
		t.Helper()
		c.looked = time.Time{} // as if the time had passed
		pair, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.String()
	}
	writeCertificate(t, files, 1)
	if err := c.load(); err != nil || serial() != "1" {
		t.Fatalf("%v, certificate %s", err, serial())
	}
	writeCertificate(t, files, 22) // of another length, should the clock of the disk be coarse
	if got := serial(); got != "22" {
		t.Errorf("after a change the certificate is %s, want 22", got)
	}
	if err := os.WriteFile(files.Key, []byte("half a ke"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := serial(); got != "22" || !strings.Contains(log.String(), "the old one stays") {
		t.Errorf("after damage the certificate is %s, the log %s", got, log.String())
	}
}

// startServe runs serve as configured in a directory, and returns the address of
// its pages and of its profiles.
func startServe(t *testing.T, dir, config string) (page, profiles string) {
	t.Helper()
	file := filepath.Join(dir, "broadsheet.yaml")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var errs buffer
	ended := make(chan int, 1)
	go func() {
		ended <- Run(ctx, Parts{}, []string{"serve", "--roles", "index,api", "--config", file, "--data-dir", filepath.Join(dir, "data")}, strings.NewReader(""), io.Discard, &errs)
	}()
	t.Cleanup(func() {
		cancel()
		if status := <-ended; status != exitOK {
			t.Errorf("serve ended with status %d: %s", status, errs.String())
		}
	})
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		ready := regexp.MustCompile(`"page":"([^"]*)"`).FindStringSubmatch(errs.String())
		shown := regexp.MustCompile(`"msg":"profiles","address":"([^"]*)"`).FindStringSubmatch(errs.String())
		if ready != nil && shown != nil {
			return ready[1], shown[1]
		}
	}
	t.Fatalf("serve is not ready: %s", errs.String())
	return "", ""
}

func TestServeOverTLS(t *testing.T) {
	dir := t.TempDir()
	files := filesIn(dir)
	writeCertificate(t, files, 1)
	spans := make(chan string, 100)
	collector := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		spans <- r.URL.Path + " " + string(text)
	}))
	defer collector.Close()
	page, profiles := startServe(t, dir, `
listen: 127.0.0.1:0
feeds_file: none
api:
  base_path: /news
  tls: {cert: cert.pem, key: key.pem}
  pprof: 127.0.0.1:0
telemetry:
  endpoint: `+collector.URL+"\n")
	roots := x509.NewCertPool()
	text, err := os.ReadFile(files.Cert)
	if err != nil || !roots.AppendCertsFromPEM(text) {
		t.Fatal(err)
	}
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}}
	defer client.CloseIdleConnections()
	get := func(address, host string) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Host = host
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(body)
	}
	if !strings.HasPrefix(page, "https://127.0.0.1:") || !strings.HasSuffix(page, "/news/") {
		t.Errorf("the page is at %s", page)
	}
	if status, body := get(page+"opensearch.xml", ""); status != http.StatusOK || !strings.Contains(body, page+"?q=") {
		t.Errorf("over TLS: %d %s", status, body)
	}
	if status, body := get(page+"v1/search", ""); status != http.StatusOK {
		t.Errorf("a search: %d %s", status, body)
	}
	if status, body := get(profiles, ""); status != http.StatusOK || !strings.Contains(body, "goroutine") {
		t.Errorf("profiles: %d %s", status, body)
	}
	if status, _ := get(profiles, "evil.example:80"); status != http.StatusForbidden {
		t.Errorf("profiles under a foreign name: %d", status)
	}
	select {
	case sent := <-spans:
		if !strings.HasPrefix(sent, "/v1/traces ") || !strings.Contains(sent, `"GET /v1/search"`) {
			t.Errorf("sent %s", sent)
		}
	case <-time.After(time.Minute):
		t.Error("no traces were sent")
	}
}

func TestServeRefusesBadCertificate(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("BROADSHEET_API_TLS_CERT", filepath.Join(dir, "nothing.pem"))
	t.Setenv("BROADSHEET_LISTEN", "127.0.0.1:0")
	fails(t, dir, []string{"api.tls needs both"}, "serve")
	t.Setenv("BROADSHEET_API_TLS_KEY", filepath.Join(dir, "nothing.key"))
	fails(t, dir, []string{"api.tls", "nothing.pem", "no such file"}, "serve")
}
