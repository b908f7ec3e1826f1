package chaos

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// exporter is the program under test, in one life after the other. Its log files, checkpoint and address stay.
type exporter struct {
	*process // the present life
	folder   string
	command  []string
	address  string
	client   *http.Client
	kills    int
	lives    []*process
	// before are the highest counts that were seen. None may ever be below.
	before tally
}

// serveFiles begins the first life, with these globs. The command line may be put behind another, such as setpriv.
func serveFiles(t *testing.T, paths []string, behind ...string) *exporter {
	t.Helper()
	x := &exporter{folder: t.TempDir(), address: freeAddress(t)}
	// It may run as another user.
	for _, folder := range []string{x.folder, filepath.Dir(x.folder)} {
		if err := os.Chmod(folder, 0o777); err != nil {
			t.Fatal(err)
		}
	}
	config := filepath.Join(x.folder, "exporter.yml")
	text := fmt.Sprintf("sources:\n- {name: app, start_at: beginning, paths: [%q]}\n", strings.Join(paths, `", "`))
	text = strings.ReplaceAll(text, `\"`, `"`)
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	x.command = slices.Concat(behind, []string{
		program(t, "errcode_exporter"), "serve", "--config.file=" + config,
		"--checkpoint.path=" + filepath.Join(x.folder, "checkpoint.json"), "--web.listen-address=" + x.address, "--log.level=debug",
	})
	x.client = &http.Client{Transport: &http.Transport{}, Timeout: patience}
	t.Cleanup(x.client.CloseIdleConnections)
	t.Cleanup(x.tells)
	x.begin(t)
	x.serves()
	return x
}

// freeAddress returns a loopback address that nobody listens on, for a program that is started there more than once.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// begin begins a life. It must neither race nor panic.
func (x *exporter) begin(t *testing.T) {
	t.Helper()
	p := start(t, x.command[0], x.command[1:]...)
	p.quiet = true
	x.process = p
	x.lives = append(x.lives, p)
	t.Cleanup(func() {
		for _, bad := range []string{"DATA RACE", "panic:", "fatal error:"} {
			if strings.Contains(p.stderr.String(), bad) {
				t.Errorf("%s: %s", bad, &p.stderr)
			}
		}
	})
}

// tells writes what all lives wrote into a file, if the test has failed.
func (x *exporter) tells() {
	if !x.Failed() {
		return
	}
	var all strings.Builder
	for n, life := range x.lives {
		fmt.Fprintf(&all, "life %d, %s\n%s", n+1, strings.Join(life.cmd.Args, " "), &life.stderr)
	}
	file, err := os.CreateTemp("", "errcode_exporter-chaos-*.log")
	if err != nil {
		x.Error(err)
		return
	}
	defer file.Close()
	if _, err := file.WriteString(all.String()); err != nil {
		x.Error(err)
	}
	x.Logf("what the exporter wrote in its %d lives is in %s; the last: %s", len(x.lives), file.Name(), ending(&x.lives[len(x.lives)-1].stderr))
}

// serves waits until it listens and has read what there was.
func (x *exporter) serves() {
	x.Helper()
	x.says(`msg="Listening on"`)
	x.until("/-/ready", func() bool {
		response, err := x.client.Get("http://" + x.address + "/-/ready")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusOK
	})
}

// isKilled kills it so many times, at any moment, also while it starts, and lets it be dead for a while.
func (x *exporter) isKilled(times int) {
	x.Helper()
	for range times {
		alive, dead := time.Duration(50+rand.IntN(850))*time.Millisecond, time.Duration(rand.IntN(600))*time.Millisecond
		select {
		case <-time.After(alive): // the moment of the kill is what is drawn
		case <-x.ended:
			x.isAlive()
		}
		x.signal(syscall.SIGKILL)
		<-x.ended
		x.kills++
		time.Sleep(dead) // what is missed meanwhile is what is drawn
		x.begin(x.T)
	}
	x.serves()
}

// isEnded ends it so many times in order, at any moment after its start.
func (x *exporter) isEnded(times int) {
	x.Helper()
	for range times {
		x.serves()
		time.Sleep(time.Duration(rand.IntN(500)) * time.Millisecond) // the moment is what is drawn
		x.signal(syscall.SIGTERM)
		x.exits()
		time.Sleep(time.Duration(rand.IntN(600)) * time.Millisecond)
		x.begin(x.T)
	}
	x.serves()
}

// restarts ends it in order and begins it again.
func (x *exporter) restarts() {
	x.Helper()
	x.signal(syscall.SIGTERM)
	x.exits()
	x.begin(x.T)
	x.serves()
}

// tally is what was written, is on disk, or was counted.
type tally struct {
	Lines int            `json:"lines"`
	Codes map[string]int `json:"codes"`
}

// add adds another tally.
func (a *tally) add(b tally) {
	if a.Codes == nil {
		a.Codes = map[string]int{}
	}
	a.Lines += b.Lines
	for code, n := range b.Codes {
		a.Codes[code] += n
	}
}

// covers says whether nothing is less than in b.
func (a tally) covers(b tally) bool {
	for code, n := range b.Codes {
		if a.Codes[code] < n {
			return false
		}
	}
	return a.Lines >= b.Lines
}

// less says what is less in a than in b.
func (a tally) less(b tally) string {
	var all []string
	if a.Lines < b.Lines {
		all = append(all, fmt.Sprintf("lines %d of %d", a.Lines, b.Lines))
	}
	for code, n := range b.Codes {
		if a.Codes[code] < n {
			all = append(all, fmt.Sprintf("%s %d of %d", code, a.Codes[code], n))
		}
	}
	return strings.Join(all, ", ")
}

func (a tally) events() int {
	sum := 0
	for _, n := range a.Codes {
		sum += n
	}
	return sum
}

const (
	errorsTotal = "huaweicloud_api_errors_total"
	linesTotal  = "errcode_exporter_lines_total"
)

// counted is what it shows to a person, who sees every event at once. Nothing may ever go down.
func (x *exporter) counted() tally {
	x.Helper()
	var m map[string]*dto.MetricFamily
	x.until("/metrics shows something", func() bool { m = x.metrics(); return m != nil })
	t := tally{Codes: map[string]int{}}
	for _, series := range m[linesTotal].GetMetric() {
		t.Lines += int(series.GetCounter().GetValue())
	}
	for _, series := range m[errorsTotal].GetMetric() {
		for _, label := range series.GetLabel() {
			if n := int(series.GetCounter().GetValue()); label.GetName() == "code" && n > 0 {
				t.Codes[label.GetValue()] += n
			}
		}
	}
	if !t.covers(x.before) {
		x.Errorf("counts went down: %s", t.less(x.before))
	}
	x.before = t
	return t
}

// clash is the pair of metrics of the Go runtime that have the same name in OpenMetrics.
var clash = regexp.MustCompile(`(?m)^(# (HELP|TYPE|UNIT) )?go_memstats_alloc_bytes(_total)? .*\n`)

// metrics are families by name; nil while it shows none.
func (x *exporter) metrics() map[string]*dto.MetricFamily {
	x.Helper()
	response, err := x.client.Get("http://" + x.address + "/metrics")
	if err != nil {
		x.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		x.Fatal(err)
	}
	switch response.StatusCode {
	case http.StatusOK:
	case http.StatusServiceUnavailable:
		return nil
	default:
		x.Fatalf("/metrics answers %d: %s", response.StatusCode, body)
	}
	all := map[string]*dto.MetricFamily{}
	decoder := expfmt.NewDecoder(strings.NewReader(clash.ReplaceAllString(string(body), "")), expfmt.ResponseFormat(response.Header))
	for {
		f := &dto.MetricFamily{}
		switch err := decoder.Decode(f); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			x.Fatalf("what /metrics answers cannot be read: %v\n%s", err, body)
		}
		all[f.GetName()] = f
	}
}

// sum adds up the series of a family that have this value of some label; all of them for "".
func (x *exporter) sum(family, value string) float64 {
	x.Helper()
	sum := 0.0
	for _, series := range x.metrics()[family].GetMetric() {
		fits := value == ""
		for _, label := range series.GetLabel() {
			fits = fits || label.GetValue() == value
		}
		if fits {
			sum += series.GetCounter().GetValue() + series.GetGauge().GetValue()
		}
	}
	return sum
}
