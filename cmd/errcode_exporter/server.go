package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"

	"errcode_exporter/metrics"
	"errcode_exporter/triage"
)

// maxScrapes is how many requests for metrics are answered at once; Prometheus needs one, people a few.
const maxScrapes = 40

// handler answers every request, and tells the farewell of each scrape that was answered in full.
func (s *serving) handler(pipe *pipeline, keeper *durability, logger *slog.Logger, bye *farewell) (http.Handler, error) {
	path := *s.telemetryPath
	if !strings.HasPrefix(path, "/") || path == "/" || taken(path) || strings.ContainsAny(path, "{} ") {
		return nil, fmt.Errorf("--web.telemetry-path=%s: a path below / is wanted, not below /-/, /api/, /assets/ or /codes, and without braces or spaces", path)
	}
	authenticated, err := authenticates(*s.web.WebConfigFile)
	if err != nil {
		return nil, err
	}
	options := metrics.HandlerOptions{Logger: logger, MaxInFlight: maxScrapes, Delivered: bye.delivered, Cut: keeper.forScrape}
	open := pipe.table.Handler(options)
	options.NoExemplars = true
	closed := pipe.table.Handler(options)

	mux := http.NewServeMux()
	mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
		if keeper.withholds() {
			http.Error(w, "the process died while it could not save its counts: they are shown again when the files have been read to where they ended at the start", http.StatusServiceUnavailable)
			return
		}
		// Request IDs are for those who may read the logs.
		if authenticated || fromHere(r) {
			open.ServeHTTP(w, r)
			return
		}
		closed.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /-/healthy", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "healthy")
	})
	mux.HandleFunc("GET /-/ready", func(w http.ResponseWriter, _ *http.Request) {
		select {
		case <-pipe.tailer.Ready():
			fmt.Fprintln(w, "ready")
		default:
			http.Error(w, "not ready: still reading what was in the files at the start", http.StatusServiceUnavailable)
		}
	})
	pages, err := s.pages(pipe, path, func(r *http.Request) bool { return authenticated || fromHere(r) })
	if err != nil {
		return nil, err
	}
	for _, path := range triage.Paths() {
		mux.Handle(path, pages)
	}
	return triage.Secured(mux), nil
}

// taken reports whether a path belongs to something else than the metrics.
func taken(path string) bool {
	first, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return slices.Contains([]string{"-", "api", "assets", "codes"}, first)
}

// fromLoopback reports whether a request comes from this machine.
func fromLoopback(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// authenticates reports whether a web configuration lets nobody in without a password or a certificate.
func authenticates(path string) (bool, error) {
	if path == "" {
		return false, nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return false, err
	}
	var c struct {
		Users map[string]string `yaml:"basic_auth_users"`
		TLS   struct {
			ClientAuth string `yaml:"client_auth_type"`
		} `yaml:"tls_server_config"`
	}
	if err := yaml.Unmarshal(data, &c); err != nil {
		return false, fmt.Errorf("%s: %w", path, err)
	}
	return len(c.Users) > 0 || c.TLS.ClientAuth == "RequireAndVerifyClientCert", nil
}
