package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"

	"errcode_exporter/catalog"
	"errcode_exporter/dashboards"
	"errcode_exporter/extract"
	"errcode_exporter/metrics"
	"errcode_exporter/redact"
	"errcode_exporter/triage"
)

// newBoard returns the board of the triage pages, with the counts that were saved, if there are any.
func newBoard(cat *catalog.Catalog, table *metrics.Table, saved json.RawMessage, logger *slog.Logger) *triage.Board {
	board := triage.New(triage.Options{
		Catalog:  cat,
		Redacted: func(kind redact.Kind, n int) { table.Redacted(kind.String(), n) },
		Dropped:  table.Dropped,
		Logger:   logger,
	})
	if saved != nil {
		if err := board.Restore(saved); err != nil {
			logger.Error("The saved counts of the triage pages cannot be used: they begin at 0; the metrics do not", "err", err)
		}
	}
	return board
}

func redactionKinds() []string {
	var names []string
	for _, k := range redact.Kinds() {
		names = append(names, k.String())
	}
	return names
}

// see shows an event to whoever is on call.
func (c *consumer) see(e *extract.Event, at time.Time) {
	c.board.See(triage.Sighting{
		Source: c.file.Source, Time: at, Findings: e.Findings, RequestID: e.RequestID, TraceID: e.TraceID, Text: e.Text,
		File: c.id, Offset: e.Start,
	})
}

// triageLinks are the flags that say where the pages lead.
type triageLinks struct{ grafana, docs *string }

func addTriageLinks(c *kingpin.CmdClause) triageLinks {
	return triageLinks{
		grafana: c.Flag("grafana.url", "Where people reach Grafana, for links on the pages.").PlaceHolder("URL").String(),
		docs:    c.Flag("docs.url", "The folder that holds runbooks/ and codes/, for links on the pages.").PlaceHolder("URL").String(),
	}
}

// pages returns the handler of the triage pages and their API.
func (s *serving) pages(pipe *pipeline, metricsPath string, mayRead func(*http.Request) bool) (http.Handler, error) {
	for flag, value := range map[string]string{"grafana.url": *s.links.grafana, "docs.url": *s.links.docs} {
		if u, err := url.Parse(value); err != nil || value != "" && (u.Scheme != "http" && u.Scheme != "https" || u.Host == "") {
			return nil, fmt.Errorf("--%s=%s: one such as https://host/path is wanted", flag, value)
		}
	}
	grafana, docs := strings.TrimRight(*s.links.grafana, "/"), strings.TrimRight(*s.links.docs, "/")
	site := dashboards.Site{Catalog: pipe.catalog}
	return pipe.board.Handler(triage.HandlerOptions{
		Sources: pipe.sourceStatus,
		Ready: func() bool {
			select {
			case <-pipe.tailer.Ready():
				return true
			default:
				return false
			}
		},
		MayRead: mayRead,
		Links: func(code string) []triage.Link {
			var links []triage.Link
			if docs != "" {
				for _, a := range site.AlertsOf(code) {
					links = append(links, triage.Link{Text: "Alert " + a.Name, URL: dashboards.RunbookURL(docs, a.Name)})
				}
			}
			if grafana != "" {
				links = append(links, triage.Link{Text: "Dashboard", URL: dashboards.TriageURL(grafana, code)})
			}
			return links
		},
		Runbook: func(code string) string {
			var text strings.Builder
			for _, a := range site.AlertsOf(code) {
				fmt.Fprintf(&text, "Alert `%s` (%s) rings %s.\n\n%s\n", a.Name, a.Severity, a.Rings, a.Runbook)
			}
			return text.String()
		},
		Footer: []triage.Link{
			{Text: "Metrics", URL: strings.TrimPrefix(metricsPath, "/")},
			{Text: "Health", URL: "-/healthy"},
			{Text: "Readiness", URL: "-/ready"},
			{Text: "API", URL: "api/v1/openapi.json"},
		},
		Version: version.Version,
	})
}

// sourceStatus is the state of every source, also of those that have no file.
func (p *pipeline) sourceStatus() []triage.SourceStatus {
	known := map[string]metrics.SourceStatus{}
	for _, s := range p.status() {
		known[s.Source] = s
	}
	var all []triage.SourceStatus
	for name := range p.sources {
		s := known[name]
		all = append(all, triage.SourceStatus{Name: name, Files: s.Files, LagBytes: s.LagBytes, LastLine: s.LastLine})
	}
	slices.SortFunc(all, func(a, b triage.SourceStatus) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// fromHere reports whether a request comes from this machine, and is for nobody else: a proxy on this machine passes on requests of others,
// and a page elsewhere can make a browser here ask, under a name of its own that leads here.
func fromHere(r *http.Request) bool {
	for _, header := range []string{"Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-Ip", "Via"} {
		if r.Header.Get(header) != "" {
			return false
		}
	}
	return fromLoopback(r) && localName(r.Host)
}

// localName reports whether a Host header is an address, localhost, or this machine's own name: no name that somebody else gave.
func localName(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if net.ParseIP(strings.Trim(host, "[]")) != nil || strings.EqualFold(host, "localhost") {
		return true
	}
	own, err := os.Hostname()
	return err == nil && strings.EqualFold(host, own)
}
