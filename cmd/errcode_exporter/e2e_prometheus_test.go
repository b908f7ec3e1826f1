package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestE2EPrometheusSeesTheTruthUnderRotation lets a Prometheus scrape while a log is written and rotated, and checks the
// samples it stored: nothing that increase() extrapolates, but what it was told.
func TestE2EPrometheusSeesTheTruthUnderRotation(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	log.create()
	x := serve(t, log.path)
	p := startPrometheus(t, x)
	const series = errorsTotal + `{code="IS.4006"}`
	p.until("a first sample", func() bool { return len(p.samples(series)) > 0 })

	const rotations = 8
	for i := range rotations {
		log.events("IS.4006", 20+i)
		log.moveAway(fmt.Sprintf(".%d", i+1))
		log.events("IS.4006", 7) // the writer has not noticed yet
		log.create()
		log.events("IS.4006", 1)
		switch {
		case i%3 == 2: // so that there are samples between
			p.until("the events of so far", func() bool { return p.last(series) == float64(log.codes["IS.4006"]) })
		default:
			x.until("the new file is read", func() bool { return x.counted("IS.4006") == float64(log.codes["IS.4006"]) })
		}
	}
	x.isCounted(log)
	p.isExact(series, log.codes["IS.4006"])
	if got := x.metrics(nil).sum("errcode_exporter_rotations_total", "kind", "rename"); got != rotations {
		t.Errorf("%v rotations were noticed, want %d", got, rotations)
	}
	p.until("an exemplar", func() bool { return strings.Contains(p.exemplars(series), `"request_id":"req-`) })
}

// TestE2EPrometheusSeesTheEventBeforeItsFirstScrape starts Prometheus when there were events already. A counter that
// begins at 1 would never make increase() say anything, so they must be seen as a step from 0. One of the codes is not
// listed: its series did not exist before the event.
func TestE2EPrometheusSeesTheEventBeforeItsFirstScrape(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	log.create()
	x := serve(t, log.path)
	codes := []string{"IS.4006", "IS.9876"}
	for _, code := range codes {
		log.events(code, 1)
	}
	for _, code := range codes {
		x.until("a person sees the event of "+code, func() bool { return x.counted(code) == 1 })
	}

	p := startPrometheus(t, x)
	for _, code := range codes {
		series := fmt.Sprintf("%s{code=%q}", errorsTotal, code)
		p.isExact(series, 1)
		if increase := p.value("increase(" + series + "[5m])"); increase <= 0 {
			t.Errorf("increase of %s is %v: an alert on it does not fire", code, increase)
		}
	}

	for _, code := range codes {
		log.events(code, 9)
	}
	log.events("ModelArts.99999999", 3) // born while Prometheus scrapes
	x.isCounted(log)
	for _, code := range append(codes, "ModelArts.99999999") {
		p.isExact(fmt.Sprintf("%s{code=%q}", errorsTotal, code), log.codes[code])
	}
	for family, want := range map[string]int{"IS": 10, "ModelArts": 3, "APIG": 0} {
		p.isExact(fmt.Sprintf("huaweicloud_api_unlisted_errors_total{family=%q}", family), want)
	}
}

// prometheus is a real one that scrapes an exporter.
type prometheus struct {
	*process
	url string
}

func startPrometheus(t *testing.T, x *exporter) *prometheus {
	t.Helper()
	return runPrometheus(t, fmt.Sprintf("global: {scrape_interval: 500ms, scrape_timeout: 500ms}\n%s", scrapes(x)))
}

// scrapes is the part of a configuration that names what is scraped.
func scrapes(x *exporter) string {
	return fmt.Sprintf("scrape_configs:\n- job_name: app\n  static_configs: [{targets: [%q]}]\n", strings.TrimPrefix(x.url, "http://"))
}

func runPrometheus(t *testing.T, text string) *prometheus {
	t.Helper()
	path := needs(t, "prometheus")
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	if err := os.WriteFile(config, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := &prometheus{process: start(t, path, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"),
		"--web.listen-address=127.0.0.1:0", "--enable-feature=exemplar-storage")}
	p.url = "http://" + p.says(`msg="Listening on" address=(127\.0\.0\.1:\d+)`)
	p.says("Server is ready to receive web requests")
	return p
}

// ask calls an endpoint of the query API.
func (p *prometheus) ask(endpoint, query string, more url.Values, result any) {
	p.Helper()
	values := url.Values{"query": {query}}
	for key, value := range more {
		values[key] = value
	}
	response, err := http.Get(p.url + "/api/v1/" + endpoint + "?" + values.Encode())
	if err != nil {
		p.Fatal(err)
	}
	defer response.Body.Close()
	a := struct {
		Error string
		Data  any
	}{Data: result}
	if err := json.NewDecoder(response.Body).Decode(&a); err != nil || response.StatusCode != http.StatusOK {
		p.Fatalf("%s: status %d, %v %s", query, response.StatusCode, err, a.Error)
	}
}

// sampled is one series of an answer; a sample is a time and a number that is written as a string.
type sampled struct {
	Metric map[string]string
	Value  [2]any
	Values [][2]any
}

func (p *prometheus) query(query string) []sampled {
	p.Helper()
	var data struct{ Result []sampled }
	p.ask("query", query, nil, &data)
	return data.Result
}

// samples returns what was scraped of the one series that is named, as it was scraped.
func (p *prometheus) samples(series string) []float64 {
	p.Helper()
	result := p.query(series + "[5m]")
	if len(result) > 1 {
		p.Fatalf("%s: %d series, want one", series, len(result))
	}
	var all []float64
	for _, r := range result {
		for _, v := range r.Values {
			all = append(all, p.number(v))
		}
	}
	return all
}

// last is the newest sample, -1 if there is none.
func (p *prometheus) last(series string) float64 {
	p.Helper()
	if all := p.samples(series); len(all) > 0 {
		return all[len(all)-1]
	}
	return -1
}

// value is that of an expression with one result.
func (p *prometheus) value(expression string) float64 {
	p.Helper()
	result := p.query(expression)
	if len(result) != 1 {
		p.Fatalf("%s: %d results, want one", expression, len(result))
	}
	return p.number(result[0].Value)
}

func (p *prometheus) number(sample [2]any) float64 {
	p.Helper()
	text, _ := sample[1].(string)
	f, err := strconv.ParseFloat(text, 64)
	if err != nil {
		p.Fatalf("sample %v: %v", sample, err)
	}
	return f
}

// exemplars returns the answer as it came.
func (p *prometheus) exemplars(series string) string {
	p.Helper()
	var data json.RawMessage
	p.ask("query_exemplars", series, url.Values{"start": {"0"}, "end": {"9999999999"}}, &data)
	return string(data)
}

// isExact waits until the series has shown n in several scrapes, and checks that it began at 0, never went down, and was
// never reset.
func (p *prometheus) isExact(series string, n int) {
	p.Helper()
	var all []float64
	p.until(fmt.Sprintf("%s shows %d", series, n), func() bool {
		all = p.samples(series)
		const settled = 3
		return len(all) >= settled && all[len(all)-1] >= float64(n) && all[len(all)-settled] == all[len(all)-1]
	})
	for i := 1; i < len(all); i++ {
		if all[i] < all[i-1] {
			p.Errorf("%s went down from %v to %v", series, all[i-1], all[i])
		}
	}
	if first, last := all[0], all[len(all)-1]; first != 0 || last != float64(n) {
		p.Errorf("%s went from %v to %v, want from 0 to %d: %v", series, first, last, n, all)
	}
	if resets := p.value("resets(" + series + "[5m])"); resets != 0 {
		p.Errorf("%s was reset %v times", series, resets)
	}
}
