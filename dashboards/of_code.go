package dashboards

import (
	"io/fs"
	"net/url"

	"errcode_exporter/catalog"
)

// CodeAlert is an alert that rings for a code.
type CodeAlert struct {
	Name     string
	Severity catalog.Severity
	Rings    string // when it does, in words
	// Runbook is what to do, as Markdown with the sections Meaning, Impact, Diagnosis and Mitigation.
	Runbook string
}

// AlertsOf returns the alerts that ring for a code; none for one that is merely informative. A code that the catalog lacks is for
// the alert on those.
func (s Site) AlertsOf(name string) []CodeAlert {
	code, ok := s.Catalog.Lookup(name)
	if !ok {
		return []CodeAlert{{unlistedAlert, s.Catalog.Others().Severity, ringFirst.words(), written(unlistedAlert)}}
	}
	var all []CodeAlert
	for _, p := range policies() {
		rules, _ := batches(s.Catalog, p)
		for _, b := range rules {
			for _, e := range b.entries {
				if e.code == code {
					all = append(all, CodeAlert{b.alert, b.severity, b.ring.words(), written(b.alert)})
				}
			}
		}
	}
	return all
}

// written is what was written by hand for an alert; empty if there is nothing.
func written(alert string) string {
	text, err := fs.ReadFile(judgement, "runbooks/"+alert+".md")
	if err != nil {
		return ""
	}
	return string(text)
}

// TriageURL leads to the triage dashboard of a code in the Grafana at a URL.
func TriageURL(grafana, code string) string {
	return grafana + "/d/" + triageUID + "?" + url.Values{"var-code": {code}}.Encode()
}

// RunbookURL leads to the runbook of an alert in the folder of docs at a URL.
func RunbookURL(docs, alert string) string { return docs + "/runbooks/" + alert + ".md" }
