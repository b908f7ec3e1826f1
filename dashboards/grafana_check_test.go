package dashboards

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/goccy/go-yaml"
)

// The checker below knows what Grafana (12) wants of files for provisioning/alerting. It is ours: no Grafana has taken part.

// provisioning collects what is wrong with a set of files.
type provisioning struct {
	wrong  []string
	points map[string]bool // names of contact points
}

func (p *provisioning) say(format string, args ...any) {
	p.wrong = append(p.wrong, fmt.Sprintf(format, args...))
}

// checkProvisioning returns what Grafana would refuse in the three files.
func checkProvisioning(rules, contactPoints, policies string) []string {
	p := &provisioning{points: map[string]bool{}}
	var c grafanaContactFile
	if p.read("contact points", contactPoints, &c) {
		p.contactPoints(c)
	}
	var n grafanaPolicyFile
	if p.read("policies", policies, &n) {
		for _, policy := range n.Policies {
			if policy.OrgID < 1 {
				p.say("policies: orgId is %d", policy.OrgID)
			}
			p.policy(policy, true)
		}
	}
	var r grafanaRuleFile
	if p.read("rules", rules, &r) {
		p.rules(r)
	}
	return p.wrong
}

// read decodes strictly and replaces variables of the environment as Grafana does.
func (p *provisioning) read(what, text string, into any) bool {
	for _, v := range variables.FindAllString(text, -1) {
		if name := strings.Trim(v, "${}"); v != "$$" && name != "GRAFANA_DATASOURCE" {
			p.say("%s: %s is not in Grafana's environment: $$ is a dollar", what, v)
		}
	}
	if err := yaml.UnmarshalWithOptions([]byte(environment(text)), into, yaml.Strict(), yaml.DisallowUnknownField()); err != nil {
		p.say("%s: %v", what, err)
		return false
	}
	if !strings.Contains(text, "apiVersion: 1\n") {
		p.say("%s: apiVersion 1 is missing", what)
	}
	return true
}

var variables = regexp.MustCompile(`\$\$|\$\{?[A-Za-z_][A-Za-z0-9_]*\}?`)

// environment is Grafana's expansion: $$ is a dollar, $NAME and ${NAME} are variables, of which one is set.
func environment(text string) string {
	return variables.ReplaceAllStringFunc(text, func(v string) string {
		switch strings.Trim(v, "${}") {
		case "":
			return "$"
		case "GRAFANA_DATASOURCE":
			return "prometheus"
		default:
			return ""
		}
	})
}

var (
	uidForm   = regexp.MustCompile(`^[A-Za-z0-9_-]{1,40}$`)
	labelForm = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)
)

func (p *provisioning) rules(f grafanaRuleFile) {
	uids, titles := map[string]bool{}, map[string]bool{}
	for _, g := range f.Groups {
		if g.Name == "" || g.Folder == "" || g.OrgID < 1 {
			p.say("group %q: name, folder and orgId are wanted", g.Name)
		}
		interval, err := time.ParseDuration(g.Interval)
		if err != nil || interval <= 0 || interval%(10*time.Second) != 0 {
			p.say("group %q: interval %q is no multiple of 10s", g.Name, g.Interval)
		}
		if len(g.Rules) == 0 {
			p.say("group %q has no rules", g.Name)
		}
		for _, r := range g.Rules {
			if !uidForm.MatchString(r.UID) || uids[r.UID] {
				p.say("rule %q: uid %q is not of 1 to 40 letters, digits, - and _, or is taken", r.Title, r.UID)
			}
			if title := g.Folder + "/" + r.Title; r.Title == "" || len(r.Title) > 190 || titles[title] {
				p.say("rule %q: the title is empty, too long or taken in its folder", r.Title)
			} else {
				titles[title] = true
			}
			uids[r.UID] = true
			p.rule(r)
		}
	}
}

func (p *provisioning) rule(r grafanaRule) {
	if !slices.Contains([]string{"OK", "NoData", "Alerting", "KeepLast"}, r.NoDataState) {
		p.say("rule %q: noDataState %q", r.Title, r.NoDataState)
	}
	if !slices.Contains([]string{"OK", "Error", "Alerting", "KeepLast"}, r.ExecErrState) {
		p.say("rule %q: execErrState %q", r.Title, r.ExecErrState)
	}
	if d, err := time.ParseDuration(r.For); err != nil || d < 0 {
		p.say("rule %q: for %q", r.Title, r.For)
	}
	known := map[string]bool{}
	for _, q := range r.Data {
		p.query(r.Title, q, known)
		known[q.RefID] = true
	}
	if !known[r.Condition] {
		p.say("rule %q: condition %q is none of its queries", r.Title, r.Condition)
	}
	for name, value := range r.Labels {
		if !labelForm.MatchString(name) || value == "" {
			p.say("rule %q: label %s=%q", r.Title, name, value)
		}
	}
	for name, text := range r.Annotations {
		funcs := template.FuncMap{"humanizePercentage": strings.ToUpper, "humanizeDuration": strings.ToUpper, "humanize1024": strings.ToUpper}
		if _, err := template.New(name).Funcs(funcs).Parse("{{ $labels := . }}{{ $values := . }}" + text); err != nil {
			p.say("rule %q: annotation %s: %v", r.Title, name, err)
		}
	}
}

// query checks one step; known are those before it.
func (p *provisioning) query(title string, q grafanaQuery, known map[string]bool) {
	if q.RefID == "" || known[q.RefID] || q.Model.RefID != q.RefID {
		p.say("rule %q: refId %q is empty, taken or not that of its model (%q)", title, q.RefID, q.Model.RefID)
	}
	if q.DatasourceUID != exprDatasource {
		if q.DatasourceUID == "" || q.Model.Expr == "" {
			p.say("rule %q, %s: a data source and an expression are wanted", title, q.RefID)
		}
		if q.Range == nil || q.Range.From <= q.Range.To || q.Range.To < 0 {
			p.say("rule %q, %s: relativeTimeRange %+v", title, q.RefID, q.Range)
		}
		return
	}
	if !known[q.Model.Expression] {
		p.say("rule %q, %s: works on %q, which is not before it", title, q.RefID, q.Model.Expression)
	}
	switch q.Model.Type {
	case "reduce":
		if !slices.Contains([]string{"sum", "mean", "min", "max", "count", "last", "median"}, q.Model.Reducer) {
			p.say("rule %q, %s: reducer %q", title, q.RefID, q.Model.Reducer)
		}
	case "threshold":
		if len(q.Model.Conditions) != 1 {
			p.say("rule %q, %s: %d conditions, want one", title, q.RefID, len(q.Model.Conditions))
			return
		}
		want := map[string]int{"gt": 1, "lt": 1, "eq": 1, "ne": 1, "gte": 1, "lte": 1, "within_range": 2, "outside_range": 2}
		e := q.Model.Conditions[0].Evaluator
		if n, ok := want[e.Type]; !ok || n != len(e.Params) {
			p.say("rule %q, %s: threshold %q of %v", title, q.RefID, e.Type, e.Params)
		}
	default:
		p.say("rule %q, %s: expression of type %q", title, q.RefID, q.Model.Type)
	}
}

func (p *provisioning) contactPoints(f grafanaContactFile) {
	uids := map[string]bool{}
	needs := map[string]string{"email": "addresses", "webhook": "url", "slack": "url", "pagerduty": "integrationKey"}
	for _, c := range f.ContactPoints {
		if c.Name == "" || c.OrgID < 1 || len(c.Receivers) == 0 {
			p.say("contact point %q: name, orgId and receivers are wanted", c.Name)
		}
		p.points[c.Name] = true
		for _, r := range c.Receivers {
			if !uidForm.MatchString(r.UID) || uids[r.UID] {
				p.say("contact point %q: uid %q", c.Name, r.UID)
			}
			uids[r.UID] = true
			if setting, ok := needs[r.Type]; !ok || r.Settings[setting] == "" {
				p.say("contact point %q: type %q with settings %v", c.Name, r.Type, r.Settings)
			}
		}
	}
}

func (p *provisioning) policy(n grafanaPolicy, root bool) {
	if !p.points[n.Receiver] {
		p.say("policy: there is no contact point %q", n.Receiver)
	}
	if root && len(n.Matchers) > 0 {
		p.say("policy: the root takes everything and may not have matchers")
	}
	for _, m := range n.Matchers {
		if len(m) != 3 || !slices.Contains([]string{"=", "!=", "=~", "!~"}, m[1]) {
			p.say("policy of %s: matcher %q", n.Receiver, m)
		}
	}
	for _, d := range []string{n.GroupWait, n.GroupInterval, n.RepeatInterval} {
		if _, err := time.ParseDuration(d); d != "" && err != nil {
			p.say("policy of %s: %v", n.Receiver, err)
		}
	}
	for _, child := range n.Routes {
		p.policy(child, false)
	}
}
