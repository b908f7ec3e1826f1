package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// within is how soon after the line somebody must have been told.
const within = 30 * time.Second

// TestE2EFirstEventReachesThePager goes the whole way with the committed rules and the example for Alertmanager: a log that has
// never held the code, the exporter, Prometheus, Alertmanager, and whoever is called.
func TestE2EFirstEventReachesThePager(t *testing.T) {
	endToEnd(t)
	f := func(name string, happens func(r *pagerRig)) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newPagerRig(t)
			happens(r)
			r.isTold(t)
		})
	}
	f("while all runs", func(r *pagerRig) { r.event() })
	f("and the exporter is killed at once", func(r *pagerRig) {
		r.event()
		r.exporter.signal(syscall.SIGKILL)
		<-r.exporter.ended
		r.begin()
	})
	f("while the exporter is dead", func(r *pagerRig) {
		r.exporter.signal(syscall.SIGKILL)
		<-r.exporter.ended
		r.event()
		r.begin()
	})
}

// pagerRig is everything from the log to the pager.
type pagerRig struct {
	*testing.T
	log      *appLog
	args     []string
	exporter *process
	written  time.Time
	pager    *pager
}

func newPagerRig(t *testing.T) *pagerRig {
	t.Helper()
	r := &pagerRig{T: t, log: newAppLog(t), pager: newPager(t)}
	r.log.create()
	r.log.write("2026-11-23 20:49:58.123 INFO  [worker-1] uploaded shoe-1.png\n")
	address := freeAddress(t)
	r.args = []string{"serve", r.log.path, "--checkpoint.path=" + filepath.Join(t.TempDir(), "checkpoint.json"), "--web.listen-address=" + address}
	r.begin()

	manager := startAlertmanager(t, r.pager.url)
	rules, err := filepath.Abs("../../dashboards/prometheus/rules.yml")
	if err != nil {
		t.Fatal(err)
	}
	p := runPrometheus(t, fmt.Sprintf("global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\nrule_files: [%q]\n"+
		"alerting: {alertmanagers: [{static_configs: [{targets: [%q]}]}]}\n%s", rules, manager, scrapes(&exporter{url: "http://" + address})))
	series := errorsTotal + `{code="IS.4006"}`
	p.until("the code is at 0", func() bool { return p.last(series) == 0 })
	if firing := p.query("ALERTS"); len(firing) > 0 {
		t.Fatalf("before anything happened there is %v", firing)
	}
	return r
}

func (r *pagerRig) begin() {
	r.Helper()
	r.exporter = startProgram(r.T, r.args...)
	r.exporter.says(`msg="Listening on"`)
}

func (r *pagerRig) event() {
	r.Helper()
	r.log.write(`{"level":"error","error_code":"IS.4006","error_msg":"The account is frozen.","request_id":"req-4006"}` + "\n")
	r.written = time.Now()
}

// isTold waits for the pager and looks at what it says.
func (r *pagerRig) isTold(t *testing.T) {
	t.Helper()
	var told notified
	for told.Labels == nil {
		select {
		case all := <-r.pager.calls:
			for _, a := range all {
				if a.Labels["code"] == "IS.4006" {
					told = a
				} else {
					t.Errorf("the pager rings for something else: %v", a.Labels)
				}
			}
		case <-time.After(time.Until(r.written.Add(within))):
			t.Fatalf("nobody was told within %v", within)
		}
	}
	t.Logf("told after %v", time.Since(r.written).Round(10*time.Millisecond))
	for name, want := range map[string]string{
		"alertname": "HuaweiCloudAccountRestricted", "severity": "critical", "actor": "account owner", "category": "restore_account", "source": "default", "job": "app",
	} {
		if got := told.Labels[name]; got != want {
			t.Errorf("label %s is %q, want %q", name, got, want)
		}
	}
	for name, words := range map[string][]string{
		"summary": {"IS.4006", "default"},
		"description": {
			"The account is frozen.", "What to do (account owner): Check whether the account is in arrears.", "it will unfreeze after recharge",
			"Request IDs: http://localhost:14006/codes/IS.4006", "exemplars", "errcode_exporter scan --events",
		},
		"runbook_url":   {"/runbooks/HuaweiCloudAccountRestricted.md"},
		"dashboard_url": {"/d/errcode-triage?", "var-code=IS.4006", "var-source=default"},
		"code_url":      {"/codes/IS.4006"},
	} {
		for _, w := range words {
			if got := told.Annotations[name]; !strings.Contains(got, w) {
				t.Errorf("%s lacks %q: %s", name, w, got)
			}
		}
	}
}

// notified is one alert in a call of Alertmanager.
type notified struct {
	Status      string
	Labels      map[string]string
	Annotations map[string]string
}

// pager takes the calls of Alertmanager.
type pager struct {
	url   string
	calls chan []notified // of the pager; other receivers are only counted
	mu    sync.Mutex
	other map[string]int
}

func newPager(t *testing.T) *pager {
	t.Helper()
	p := &pager{calls: make(chan []notified, 100), other: map[string]int{}}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var call struct {
			Alerts []notified
		}
		if err := json.NewDecoder(r.Body).Decode(&call); err != nil {
			t.Errorf("%s: %v", r.URL.Path, err)
		}
		if r.URL.Path == "/pager" {
			p.calls <- call.Alerts
			return
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.other[r.URL.Path]++
	}))
	t.Cleanup(server.Close)
	p.url = server.URL
	return p
}

// startAlertmanager runs the committed example, with its receivers at the given address, and returns where it listens.
func startAlertmanager(t *testing.T, receivers string) string {
	t.Helper()
	example, err := os.ReadFile("../../dashboards/alertmanager/alertmanager.yml")
	if err != nil {
		t.Fatal(err)
	}
	const there = "http://127.0.0.1:9094"
	if !strings.Contains(string(example), there+"/pager") {
		t.Fatalf("the example has no receiver at %s/pager", there)
	}
	dir := t.TempDir()
	config := filepath.Join(dir, "alertmanager.yml")
	write(t, config, strings.ReplaceAll(string(example), there, receivers))
	m := start(t, needs(t, "prometheus-alertmanager"), "--config.file="+config, "--storage.path="+filepath.Join(dir, "data"),
		"--web.listen-address=127.0.0.1:0", "--cluster.listen-address=")
	return m.says(`address=(127\.0\.0\.1:\d+)`)
}
