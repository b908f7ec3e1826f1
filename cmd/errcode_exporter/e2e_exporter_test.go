package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"
)

// What is asked for in the way of a scraper, and in the way in which Prometheus asks.
var (
	asScrape      = http.Header{"X-Prometheus-Scrape-Timeout-Seconds": {"10"}}
	asOpenMetrics = http.Header{"Accept": {"application/openmetrics-text;version=1.0.0"}}
)

// exporter is the program as it serves.
type exporter struct {
	*process
	url    string
	client *http.Client
}

// serve starts the program on a free port and waits until it is ready.
func serve(t *testing.T, args ...string) *exporter {
	t.Helper()
	return startExporter(t, nil, append([]string{"serve"}, args...)...)
}

// startExporter waits until the program serves, over TLS if there are certificates to trust, and has read what there was.
func startExporter(t *testing.T, trusted *x509.CertPool, args ...string) *exporter {
	t.Helper()
	return reach(startProgram(t, append(args, "--web.listen-address=127.0.0.1:0")...), trusted)
}

// reach waits until a process serves, and is ready if it can be asked that without a certificate.
func reach(p *process, trusted *x509.CertPool) *exporter {
	p.Helper()
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trusted}}
	p.Cleanup(transport.CloseIdleConnections)
	x := &exporter{process: p, client: &http.Client{Transport: transport, Timeout: patience}}
	scheme := "http"
	if trusted != nil {
		scheme = "https"
	}
	x.url = scheme + "://" + x.says(`msg="Listening on" address=(127\.0\.0\.1:\d+)`)
	if trusted == nil {
		x.until("/-/ready", func() bool { return x.get("/-/ready", nil).status == http.StatusOK })
	}
	return x
}

// answer is what came back for a request.
type answer struct {
	status int
	header http.Header
	body   string
}

func (x *exporter) get(path string, header http.Header) answer {
	x.Helper()
	return x.do(http.MethodGet, path, header)
}

func (x *exporter) do(method, path string, header http.Header) answer {
	x.Helper()
	a, err := x.try(method, path, header)
	if err != nil {
		x.Fatal(err)
	}
	return a
}

func (x *exporter) try(method, path string, header http.Header) (answer, error) {
	r, err := http.NewRequest(method, x.url+path, http.NoBody)
	if err != nil {
		return answer{}, err
	}
	for key, values := range header {
		r.Header[key] = values
	}
	response, err := x.client.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	return answer{response.StatusCode, response.Header, string(body)}, err
}

// exposed are families by name, as a scraper reads them.
type exposed map[string]*dto.MetricFamily

// metrics asks for the metrics in the way the header says; nil is how a person asks, who sees every event at once.
func (x *exporter) metrics(header http.Header) exposed {
	x.Helper()
	a := x.get("/metrics", header)
	if a.status != http.StatusOK {
		x.Fatalf("/metrics answers %d: %s", a.status, a.body)
	}
	return parseMetrics(x.T, a)
}

// clash is the pair of metrics of the Go runtime that have the same name in OpenMetrics, in every program that uses
// client_golang (its issue 829). Prometheus does not mind; the strict parser here does.
var clash = regexp.MustCompile(`(?m)^(# (HELP|TYPE|UNIT) )?go_memstats_alloc_bytes(_total)? .*\n`)

func parseMetrics(t *testing.T, a answer) exposed {
	t.Helper()
	text := clash.ReplaceAllString(a.body, "")
	all, decoder := exposed{}, expfmt.NewDecoder(strings.NewReader(text), expfmt.ResponseFormat(a.header))
	for {
		f := &dto.MetricFamily{}
		switch err := decoder.Decode(f); {
		case errors.Is(err, io.EOF):
			return all
		case err != nil:
			t.Fatalf("what /metrics answers cannot be read: %v\n%s", err, a.body)
		}
		if f.GetType() == dto.MetricType_COUNTER && !strings.HasSuffix(f.GetName(), "_total") {
			*f.Name += "_total" // OpenMetrics gives it to the samples alone
		}
		all[f.GetName()] = f
	}
}

// with returns the series of a family that have these labels, which are given as name, value, name, value.
func (m exposed) with(family string, labels ...string) []*dto.Metric {
	var found []*dto.Metric
	for _, series := range m[family].GetMetric() {
		have := map[string]string{}
		for _, l := range series.GetLabel() {
			have[l.GetName()] = l.GetValue()
		}
		fits := true
		for i := 0; i < len(labels); i += 2 {
			fits = fits && have[labels[i]] == labels[i+1]
		}
		if fits {
			found = append(found, series)
		}
	}
	return found
}

// sum adds up the series of a family that have these labels.
func (m exposed) sum(family string, labels ...string) float64 {
	sum := 0.0
	for _, series := range m.with(family, labels...) {
		sum += series.GetCounter().GetValue() + series.GetGauge().GetValue()
	}
	return sum
}

const errorsTotal = "huaweicloud_api_errors_total"

// counted is how many events named a code so far.
func (x *exporter) counted(code string) float64 {
	x.Helper()
	return x.metrics(nil).sum(errorsTotal, "code", code)
}
