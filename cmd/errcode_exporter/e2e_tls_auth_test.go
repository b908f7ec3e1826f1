package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"
)

// TestE2EPasswordOverTLS serves with a certificate and a password: nothing is to be had without it.
func TestE2EPasswordOverTLS(t *testing.T) {
	endToEnd(t)
	dir := t.TempDir()
	trusted := selfSigned(t, dir)
	hash, err := bcrypt.GenerateFromPassword([]byte("open sesame"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	config := webConfig(t, dir, fmt.Sprintf("tls_server_config: {cert_file: server.crt, key_file: server.key}\nbasic_auth_users: {scraper: %q}\n", hash))
	log := newAppLog(t)
	x := startExporter(t, trusted, "serve", log.path, "--web.config.file="+config)
	password := func(user, password string, more http.Header) http.Header {
		h := http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))}}
		for key, values := range more {
			h[key] = values
		}
		return h
	}

	for _, path := range []string{"/", "/metrics", "/-/healthy", "/-/ready", "/no/such/page"} {
		for _, header := range []http.Header{nil, password("scraper", "", nil), password("scraper", "wrong", nil), password("", "open sesame", nil)} {
			a := x.get(path, header)
			if a.status != http.StatusUnauthorized || strings.Contains(a.body, "huaweicloud") {
				t.Errorf("%s with %v: %d, want 401: %s", path, header, a.status, a.body)
			}
		}
	}
	known := password("scraper", "open sesame", nil)
	for path, want := range map[string]int{"/": 200, "/metrics": 200, "/-/healthy": 200, "/no/such/page": 404} {
		if a := x.get(path, known); a.status != want {
			t.Errorf("%s with the password: %d, want %d", path, a.status, want)
		}
	}
	x.until("/-/ready with the password", func() bool { return x.get("/-/ready", known).status == http.StatusOK })

	log.create()
	log.write("2026-11-23 20:49:58.123 ERROR IS.4006 request_id=9f86d081884c7d65\n")
	x.until("the event is counted", func() bool { return x.metrics(known).sum(errorsTotal, "code", "IS.4006") == 1 })
	wantExemplar(t, x.get("/metrics?name[]="+errorsTotal, password("scraper", "open sesame", asOpenMetrics)))
	if a := x.get("/metrics", known); strings.Contains(a.body, "9f86d081884c7d65") {
		t.Error("the request ID is in the text format, which has no exemplars")
	}

	plain := strings.Replace(x.url, "https://", "http://", 1)
	response, err := x.client.Get(plain + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusBadRequest {
		t.Errorf("without TLS: %s, want 400", response.Status)
	}
}

// TestE2ELoopbackSeesRequestIDs asks from this machine, without any password: who is here may read the logs.
func TestE2ELoopbackSeesRequestIDs(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	x := serve(t, log.path)
	log.create()
	log.write("2026-11-23 20:49:58.123 ERROR IS.4006 request_id=9f86d081884c7d65\n")
	x.until("the event is counted", func() bool { return x.counted("IS.4006") == 1 })
	wantExemplar(t, x.get("/metrics?name[]="+errorsTotal, asOpenMetrics))
}

func wantExemplar(t *testing.T, a answer) {
	t.Helper()
	if a.status != http.StatusOK {
		t.Fatalf("/metrics answers %d: %s", a.status, a.body)
	}
	for _, series := range parseMetrics(t, a).with(errorsTotal, "code", "IS.4006") {
		for _, l := range series.GetCounter().GetExemplar().GetLabel() {
			if l.GetName() == "request_id" && l.GetValue() == "9f86d081884c7d65" {
				return
			}
		}
	}
	t.Errorf("no exemplar with the request ID: %s", a.body)
}

// TestE2EBrokenWebConfigEndsTheStart gives web configurations that cannot be used: nothing is served, rather than without
// what was asked for.
func TestE2EBrokenWebConfigEndsTheStart(t *testing.T) {
	endToEnd(t)
	f := func(title, text, want string) {
		t.Helper()
		t.Run(title, func(t *testing.T) {
			dir := t.TempDir()
			selfSigned(t, dir)
			path := filepath.Join(dir, "web.yml")
			if text != "" {
				path = webConfig(t, dir, text)
			}
			p := startProgram(t, "serve", filepath.Join(dir, "app.log"), "--web.listen-address=127.0.0.1:0", "--web.config.file="+path)
			p.exits(exitUsage)
			said := p.stderr.String()
			if !strings.Contains(said, name+": ") || !strings.Contains(said, want) || !strings.Contains(said, path) {
				t.Errorf("it says %q, want %q and the file %s", said, want, path)
			}
			if strings.Contains(said, "Listening") {
				t.Errorf("it listened all the same: %s", said)
			}
		})
	}
	f("no file", "", "no such file")
	f("no YAML", "basic_auth_users: [", "")
	f("unknown field", "basic_auth_user: {scraper: x}\n", "basic_auth_user")
	f("no certificate", "tls_server_config: {cert_file: none.crt, key_file: server.key}\n", "none.crt")
	f("key of another kind", "tls_server_config: {cert_file: server.crt, key_file: server.crt}\n", "")
	f("half a pair", "tls_server_config: {cert_file: server.crt}\n", "key_file")
	f("password that is no hash", "basic_auth_users: {scraper: secret}\n", "")
}

func webConfig(t *testing.T, dir, text string) string {
	t.Helper()
	path := filepath.Join(dir, "web.yml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// selfSigned writes server.crt and server.key, and returns what makes a client trust them.
func selfSigned(t *testing.T, dir string) *x509.CertPool {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "e2e"},
		NotBefore:    time.Now().Add(-time.Hour),
		NotAfter:     time.Now().Add(time.Hour),
		IPAddresses:  []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA:         true, BasicConstraintsValid: true,
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certPEM := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})
	for file, data := range map[string][]byte{
		"server.crt": certPEM,
		"server.key": pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private}),
	} {
		if err := os.WriteFile(filepath.Join(dir, file), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(certPEM)
	return pool
}
