package dashboards

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"errcode_exporter/catalog"
)

// ring is what makes an alert ring.
type ring int

const (
	ringFirst ring = iota // the first occurrence, and every one after
	ringOften             // more than so many a second
	ringAgain             // spread over an hour
	ringShare             // a large part of all errors
)

// policy says how codes of a category are alerted on.
type policy struct {
	category string
	alert    string
	ring     ring
	// retryable, if it is set, is the alert of those of its codes that a later request can get past: they ring by rate.
	retryable string
	headline  string // what has happened, in a few words
}

// policies has one for each category of the catalog.
func policies() []policy {
	return []policy{
		{category: "restore_account", alert: "HuaweiCloudAccountRestricted", headline: "the account is frozen or restricted"},
		{category: "raise_quota", alert: "HuaweiCloudQuotaReached", retryable: "HuaweiCloudThrottled", headline: "a quota is used up"},
		{category: "renew_credentials", alert: "HuaweiCloudCredentialsRejected", ring: ringAgain, headline: "token or AK/SK are rejected again and again"},
		{category: "grant_access", alert: "HuaweiCloudAccessDenied", headline: "access is denied"},
		{category: "fix_endpoint", alert: "HuaweiCloudEndpointMisconfigured", headline: "the client calls something that is not there"},
		{category: "fix_request", alert: "HuaweiCloudRequestErrors", ring: ringShare, headline: "requests are malformed"},
		{category: "fix_input_file", alert: "HuaweiCloudInputErrors", ring: ringShare, headline: "files that are sent in cannot be used"},
		{category: "fix_resource", alert: "HuaweiCloudResourceMissing", headline: "an instance, model or task is missing or in the way"},
		{category: "fix_storage", alert: "HuaweiCloudStorageUnreachable", headline: "bucket, object or source URL cannot be reached"},
		{category: "wait_and_retry", alert: "HuaweiCloudRetriesPersist", ring: ringAgain, headline: "what should pass by waiting does not"},
		{category: "check_service", alert: "HuaweiCloudServiceUnhealthy", headline: "the service or its instance is not well"},
		{category: "open_ticket", alert: "HuaweiCloudTicketNeeded", headline: "an internal error that needs a ticket"},
	}
}

// unlistedAlert rings for codes that the catalog does not list.
const unlistedAlert = "HuaweiCloudUnlistedCode"

// Thresholds of the alerts that do not ring for a single event.
const (
	throttledPerSecond = "0.1"  // six a minute: a client that backs off as it should stays below
	shareAtLeast       = "0.05" // three a minute: a share of next to nothing says nothing
	shareAbove         = "0.5"
	againAbove         = "2" // slices of five minutes within an hour
)

// entry is a code in one category, with the words for it there.
type entry struct {
	code              *catalog.Code
	severity          catalog.Severity
	actor             string
	retryable         bool
	message, solution string
}

// entries returns the codes that can have the category, in the order of the catalog.
func entries(c *catalog.Catalog, category string) []entry {
	var all []entry
	for _, code := range c.Codes() {
		for _, m := range c.Meanings(code) {
			if m.Category != category {
				continue
			}
			e := entry{code, m.Severity, m.Actor, m.Retryable, m.Message, m.Solution}
			if category == code.Category {
				e.message = beside(e.message, code, func(t catalog.Text) string { return t.Message })
				e.solution = beside(e.solution, code, func(t catalog.Text) string { return t.Solution })
			} else { // causes alone bring it here, perhaps several
				var messages, solutions []string
				for _, cause := range code.Causes {
					if cause.Category == category {
						messages, solutions = append(messages, cause.Message), append(solutions, cause.Solution)
					}
				}
				e.message, e.solution = strings.Join(messages, " Or: "), strings.Join(solutions, " Or: ")
			}
			all = append(all, e)
		}
	}
	return all
}

// beside puts what a site says in other languages beside the English text.
func beside(english string, code *catalog.Code, of func(catalog.Text) string) string {
	for _, language := range slices.Sorted(maps.Keys(code.Texts)) {
		if text := of(code.Texts[language]); text != "" {
			english += " / " + text
		}
	}
	return english
}

// batch are the codes of a category that share one rule, since they ring alike and for the same people.
type batch struct {
	policy
	severity catalog.Severity
	actor    string
	entries  []entry
	// rest says that the batch takes every series of its category that no other batch takes: series without a code too, as
	// --metrics.detail=category makes them.
	rest bool
}

// batches splits the codes of a category. A critical code rings the first time whatever its category, and one that is merely
// informative never does so.
func batches(c *catalog.Catalog, p policy) (all []batch, silent []string) {
	for _, e := range entries(c, p.category) {
		b := batch{policy: p, severity: e.severity, actor: e.actor}
		switch {
		case e.severity == catalog.Critical:
			b.ring = ringFirst
		case p.retryable != "" && e.retryable:
			b.alert, b.ring, b.headline = p.retryable, ringOften, "requests are throttled"
		case p.ring == ringFirst && e.severity.Rank() > catalog.Warning.Rank():
			silent = append(silent, e.code.Name)
			continue
		}
		same := func(o batch) bool {
			return o.alert == b.alert && o.ring == b.ring && o.severity == b.severity && o.actor == b.actor
		}
		i := slices.IndexFunc(all, same)
		if i < 0 {
			all, i = append(all, b), len(all)
		}
		all[i].entries = append(all[i].entries, e)
	}
	most := -1
	for i, b := range all {
		// Critical codes keep their label whatever the detail, so series without one are not theirs.
		if b.severity != catalog.Critical && b.alert == p.alert && (most < 0 || len(b.entries) > len(all[most].entries)) {
			most = i
		}
	}
	if most >= 0 {
		all[most].rest = true
	}
	return all, silent
}

func names(entries []entry) []string {
	all := make([]string, len(entries))
	for i, e := range entries {
		all[i] = e.code.Name
	}
	return all
}

// matchers selects what is counted for a batch, given the others of its category.
func (b batch) matchers(all []batch, silent []string, others catalog.Others) matchers {
	m := matchers{equal("category", b.category)}
	if !b.rest || b.category == others.Category { // there, every other code is one that is not listed
		return append(m, oneOf("code", names(b.entries)))
	}
	elsewhere := slices.Clone(silent)
	for _, o := range all {
		if !o.rest {
			elsewhere = append(elsewhere, names(o.entries)...)
		}
	}
	if len(elsewhere) > 0 {
		m = append(m, noneOf("code", elsewhere))
	}
	return m
}

func (s Site) codeAlerts() ([]Alert, error) {
	var alerts []Alert
	for _, category := range s.Catalog.Categories() {
		i := slices.IndexFunc(policies(), func(p policy) bool { return p.category == category.Name })
		if i < 0 {
			return nil, fmt.Errorf("category %s has no alert: add one to policies in dashboards/alert_codes.go", category.Name)
		}
		all, silent := batches(s.Catalog, policies()[i])
		for _, b := range all {
			alerts = append(alerts, s.codeAlert(b, b.matchers(all, silent, s.Catalog.Others()), category))
		}
	}
	return append(alerts, s.unlisted()), nil
}

func (s Site) codeAlert(b batch, m matchers, category catalog.Category) Alert {
	a := Alert{
		Name: b.alert, Group: "huaweicloud", Severity: b.severity, Actor: b.actor, Category: b.category, ByCode: b.ring != ringShare,
		Summary: `{{ with $labels.code }}{{ . }}{{ else }}` + b.category + `{{ end }} in ` + where + ": " + b.headline,
	}
	s.ringing(&a, b.ring, m)
	a.Description = s.codeDescription(b, category)
	a.links = s.links(a.Name, a.ByCode)
	if a.ByCode {
		a.links.runbook = b.runbook(a.links.runbook)
	}
	return a
}

// runbook is the link of the very code where a site gives one, else that of the alert.
func (b batch) runbook(usual string) string {
	link := usual
	for _, e := range slices.Backward(b.entries) {
		switch {
		case e.code.Runbook == "":
		case link == usual:
			link = fmt.Sprintf("{{ if eq $labels.code %q }}%s{{ else }}%s{{ end }}", e.code.Name, e.code.Runbook, usual)
		default:
			link = strings.Replace(link, "{{ if ", fmt.Sprintf("{{ if eq $labels.code %q }}%s{{ else if ", e.code.Name, e.code.Runbook), 1)
		}
	}
	return link
}

// ringing fills in when the alert rings.
func (s Site) ringing(a *Alert, r ring, m matchers) {
	a.KeepFiring = "15m"
	switch r {
	case ringFirst:
		a.Value, a.Above = s.seen(seenWindow, seenSeconds, m), "0"
		long, seconds := "25m", 1500
		if a.Severity == catalog.Critical {
			a.KeepFiring, long, seconds = "1h", "70m", 4200
		}
		a.LongValue = s.seen(long, seconds, m)
	case ringOften:
		a.Value, a.Above, a.For = s.often(m), throttledPerSecond, "5m"
	case ringAgain:
		a.Value, a.Above = s.again(m), againAbove
	case ringShare:
		a.Value, a.Above, a.For = s.share(m, shareAtLeast), shareAbove, "15m"
	}
}

// unlisted rings for codes that are counted under the category of what is not listed and are not among its own.
func (s Site) unlisted() Alert {
	o := s.Catalog.Others()
	a := Alert{Name: unlistedAlert, Group: "huaweicloud", Severity: o.Severity, Actor: o.Actor, Category: o.Category, ByCode: true}
	listed := append([]string{""}, names(entries(s.Catalog, o.Category))...)
	s.ringing(&a, ringFirst, matchers{equal("category", o.Category), noneOf("code", listed)})
	a.Summary = `{{ $labels.code }} in ` + where + ": a code that the catalog does not list"
	a.Description = fmt.Sprintf(`{{ if eq $labels.code "other" }}There are more unlisted codes than get a series of their own: look at the log for their names.{{ else }}{{ $labels.code }} is spelled like a code, but the catalog does not list it.{{ end }}
What to do (%s): %s`, o.Actor, literal(flat(o.Solution))) + s.requestIDs(true)
	a.links = s.links(a.Name, true)
	return a
}

func (s Site) links(alert string, byCode bool) links {
	l := links{
		runbook:   s.DocsURL + "/runbooks/" + alert + ".md",
		dashboard: s.GrafanaURL + "/d/" + triageUID + "?var-source={{ $labels.source | urlquery }}",
	}
	if byCode {
		l.dashboard += "{{ with $labels.code }}&var-code={{ . | urlquery }}{{ end }}"
		l.code = s.ExporterURL + "/codes/{{ $labels.code }}"
	}
	return l
}
