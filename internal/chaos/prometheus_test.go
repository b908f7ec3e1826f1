package chaos

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
)

// prometheus is a real one that scrapes an exporter throughout its lives.
type prometheus struct {
	*process
	url    string
	resets float64
}

// startPrometheus begins to scrape, and waits until every listed code has been seen to be 0.
func startPrometheus(t *testing.T, x *exporter) *prometheus {
	t.Helper()
	path, dir := needs(t, "prometheus"), t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	text := fmt.Sprintf("global: {scrape_interval: 300ms, scrape_timeout: 300ms}\nscrape_configs:\n- job_name: app\n  static_configs: [{targets: [%q]}]\n", x.address)
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &prometheus{process: start(t, path, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address=127.0.0.1:0")}
	p.url = "http://" + p.says(`msg="Listening on" address=(127\.0\.0\.1:\d+)`)
	p.says("Server is ready to receive web requests")
	p.until("a first scrape", func() bool { return len(p.samples(errorsTotal)) > 0 })
	return p
}

// sampled is one series of an answer; a sample is a time and a number that is written as a string.
type sampled struct {
	Metric map[string]string
	Value  [2]any
	Values [][2]any
}

// over is long enough for all samples of a test.
const over = "[1h]"

// samples returns all series of a family as they were scraped.
func (p *prometheus) samples(family string) []sampled { p.Helper(); return p.query(family + over) }

func (p *prometheus) query(query string) []sampled {
	p.Helper()
	response, err := http.Get(p.url + "/api/v1/query?" + url.Values{"query": {query}}.Encode())
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	var a struct {
		Error string
		Data  struct{ Result []sampled }
	}
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil || response.StatusCode != http.StatusOK {
		p.Fatalf("%s: status %d, %v %s", query, response.StatusCode, err, a.Error)
	}
	return a.Data.Result
}

func (p *prometheus) number(sample [2]any) int {
	p.Helper()
	text, _ := sample[1].(string)
	n, err := strconv.Atoi(text)
	if err != nil {
		p.Fatalf("sample %v: %v", sample, err)
	}
	return n
}

// increases is what the raw samples say: of each series the last less the first. None may go down.
func (p *prometheus) increases() tally {
	p.Helper()
	t := tally{Codes: map[string]int{}}
	for _, family := range []string{errorsTotal, linesTotal} {
		for _, series := range p.samples(family) {
			first, last := p.number(series.Values[0]), 0
			for _, v := range series.Values {
				n := p.number(v)
				if n < last {
					p.Errorf("%v went down from %d to %d", series.Metric, last, n)
				}
				last = n
			}
			switch {
			case family == linesTotal:
				t.Lines += last - first
			case last > first:
				t.Codes[series.Metric["code"]] += last - first
			}
		}
	}
	return t
}

// sees waits until what was counted has been scraped, and checks that the samples tell the truth and nothing was reset.
func (p *prometheus) sees(want tally) {
	p.Helper()
	var got tally
	p.until(fmt.Sprintf("%d events are scraped", want.events()), func() bool { got = p.increases(); return got.covers(want) })
	if !want.covers(got) {
		p.Errorf("Prometheus saw too much (want of got): %s", want.less(got))
	}
	for _, family := range []string{errorsTotal, linesTotal} {
		for _, series := range p.query("resets(" + family + over + ")") {
			if n := p.number(series.Value); n > 0 {
				p.resets += float64(n)
				p.Errorf("%v was reset %d times", series.Metric, n)
			}
		}
	}
}
