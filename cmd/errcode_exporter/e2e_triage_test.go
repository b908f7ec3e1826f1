package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// triaged is what the API says of one code.
type triaged struct {
	total      float64
	requestIDs []string // of the kept events, the newest first
}

// triage asks the API.
func (x *exporter) triage(code string) triaged {
	x.Helper()
	var rows struct{ Errors []struct{ Total float64 } }
	var events struct {
		Events []struct {
			RequestID string `json:"request_id"`
		}
	}
	for path, to := range map[string]any{"/api/v1/errors?code=" + code: &rows, "/api/v1/events?limit=1000&code=" + code: &events} {
		a := x.get(path, nil)
		if a.status != http.StatusOK {
			x.Fatalf("%s: %d %s", path, a.status, a.body)
		}
		if err := json.Unmarshal([]byte(a.body), to); err != nil {
			x.Fatal(err)
		}
	}
	var t triaged
	for _, r := range rows.Errors {
		t.total += r.Total
	}
	for _, e := range events.Events {
		t.requestIDs = append(t.requestIDs, e.RequestID)
	}
	return t
}

// TestE2ETriageSurvives ends a life and looks at the pages of the next one: the counts are those of the metrics, and each recent event
// is there once.
func TestE2ETriageSurvives(t *testing.T) {
	eachEnding(t, func(t *testing.T, end syscall.Signal) {
		l := newLives(t, t.TempDir())
		n := 0
		more := func(k int) {
			for range k {
				n++
				l.log.write(fmt.Sprintf("2026-03-05 12:00:%02d ERROR IS.4006 request_id=id-%03d token=abcdef0123456789abcdef\n", n%60, n))
			}
			l.until("it is counted", func() bool { return l.counted("IS.4006") == float64(n) })
		}
		for range 4 {
			more(7)
			l.shows() // which saves it
			more(3)
			l.end(end)
			l.begin(t)
			l.until("it is read again", func() bool { return l.counted("IS.4006") == float64(n) })
			got := l.triage("IS.4006")
			if got.total != float64(n) {
				t.Errorf("the pages count %v, the metrics %d", got.total, n)
			}
			seen := map[string]bool{}
			for _, id := range got.requestIDs {
				if seen[id] {
					t.Errorf("%s is kept twice", id)
				}
				seen[id] = true
			}
			// What was kept only in memory is lost with kill -9, apart from what is read again.
			if end == syscall.SIGTERM && len(seen) != n || !seen[fmt.Sprintf("id-%03d", n)] {
				t.Errorf("of %d events %d are kept: %v", n, len(seen), got.requestIDs)
			}
		}
		if got := l.metrics(nil).sum("errcode_exporter_redactions_total", "kind", "token"); got == 0 || got > float64(n) {
			t.Errorf("%v tokens were masked, of %d", got, n)
		}
	})
}

// TestE2ERecentEventsGarbled damages the file of recent events, and then what the checkpoint has of the pages: each is reported, and
// the metrics do not depend on either.
func TestE2ERecentEventsGarbled(t *testing.T) {
	endToEnd(t)
	l := newLives(t, t.TempDir())
	l.log.write("ERROR IS.4006 request_id=id-1\n")
	l.until("it is counted", func() bool { return l.counted("IS.4006") == 1 })
	l.end(syscall.SIGTERM)
	recent := l.path + recentSuffix
	data, err := os.ReadFile(recent)
	if err != nil || !strings.Contains(string(data), "id-1") {
		t.Fatalf("%s holds %q, %v", recent, data, err)
	}
	if err := os.WriteFile(recent, []byte(strings.Replace(string(data), "id-1", "id-2", 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	l.begin(t)
	l.says("recent events cannot be taken up.*" + recentSuffix)
	if got := l.triage("IS.4006"); got.total != 1 || got.requestIDs != nil || l.counted("IS.4006") != 1 {
		t.Errorf("%+v, and the metrics count %v", got, l.counted("IS.4006"))
	}
	l.log.write("ERROR IS.4006 request_id=id-3\n")
	l.until("it is counted", func() bool { return l.counted("IS.4006") == 2 })
	l.end(syscall.SIGTERM)
	l.begin(t)
	if got := l.triage("IS.4006"); got.total != 2 || len(got.requestIDs) != 1 || got.requestIDs[0] != "id-3" {
		t.Errorf("%+v", got)
	}
}

// TestE2ERecentEventsInTheWay has a folder where their file belongs: it says so once, and all else goes on.
func TestE2ERecentEventsInTheWay(t *testing.T) {
	endToEnd(t)
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "checkpoint.json"+recentSuffix), 0o755); err != nil {
		t.Fatal(err)
	}
	l := newLives(t, folder)
	l.says("recent events cannot be taken up")
	l.log.write("ERROR IS.4006 request_id=id-1\n")
	l.until("it is counted", func() bool { return l.counted("IS.4006") == 1 })
	if got := l.triage("IS.4006"); len(got.requestIDs) != 1 {
		t.Errorf("%+v", got)
	}
	l.end(syscall.SIGTERM)
	l.says("recent events could not be saved")
}

// TestE2ETriageBehindAPassword asks with a password, from elsewhere: who has it may read what logs say.
func TestE2ETriageBehindAPassword(t *testing.T) {
	endToEnd(t)
	dir := t.TempDir()
	hash, err := bcrypt.GenerateFromPassword([]byte("open sesame"), bcrypt.MinCost)
	if err != nil {
		t.Fatal(err)
	}
	trusted := selfSigned(t, dir)
	config := webConfig(t, dir, fmt.Sprintf("tls_server_config: {cert_file: server.crt, key_file: server.key}\nbasic_auth_users: {oncall: %q}\n", hash))
	log := newAppLog(t)
	log.create()
	x := startExporter(t, trusted, "serve", log.path, "--web.config.file="+config)
	known := http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("oncall:open sesame"))}, "X-Forwarded-For": {"192.0.2.1"}}
	log.write("ERROR IS.4006 request_id=id-1\n")
	x.until("the event is there", func() bool { return strings.Contains(x.get("/api/v1/events", known).body, `"id-1"`) })
	for _, path := range []string{"/", "/codes/IS.4006", "/codes/IS.4006/ticket", "/api/v1/errors", "/api/v1/events"} {
		if a := x.get(path, known); a.status != http.StatusOK || !strings.Contains(a.body, "id-1") || strings.Contains(a.body, "--web.config.file") {
			t.Errorf("%s with the password: %d %.600s", path, a.status, a.body)
		}
		if a := x.get(path, nil); a.status != http.StatusUnauthorized || strings.Contains(a.body, "id-1") {
			t.Errorf("%s without the password: %d %.600s", path, a.status, a.body)
		}
	}
}
