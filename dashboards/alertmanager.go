package dashboards

import (
	"net/url"
	"slices"

	"errcode_exporter/catalog"
)

const alertmanagerHead = generatedBy + `# An example to take what fits from: who is told, how soon, and which alerts are silent while another one explains them.
# The webhooks stand for mail, chat or a pager. Check changes with: amtool check-config alertmanager.yml
`

type alertmanagerConfig struct {
	Route     route        `yaml:"route"`
	Inhibit   []inhibition `yaml:"inhibit_rules"`
	Receivers []amReceiver `yaml:"receivers"`
}

type route struct {
	Receiver       string   `yaml:"receiver"`
	Matchers       []string `yaml:"matchers,omitempty"`
	GroupBy        []string `yaml:"group_by,omitempty,flow"`
	GroupWait      string   `yaml:"group_wait,omitempty"`
	GroupInterval  string   `yaml:"group_interval,omitempty"`
	RepeatInterval string   `yaml:"repeat_interval,omitempty"`
	Continue       bool     `yaml:"continue,omitempty"`
	Routes         []route  `yaml:"routes,omitempty"`
}

type inhibition struct {
	Source []string `yaml:"source_matchers"`
	Target []string `yaml:"target_matchers"`
	Equal  []string `yaml:"equal,omitempty,flow"`
}

type amReceiver struct {
	Name     string    `yaml:"name"`
	Webhooks []webhook `yaml:"webhook_configs"`
}

type webhook struct {
	URL string `yaml:"url"`
}

// actors are those who act on some code, in the order of the catalog's categories, and the one who runs the exporter.
func actors(c *catalog.Catalog) []string {
	var all []string
	for _, category := range c.Categories() {
		for _, e := range entries(c, category.Name) {
			if !slices.Contains(all, e.actor) {
				all = append(all, e.actor)
			}
		}
	}
	if other := c.Others().Actor; !slices.Contains(all, other) {
		all = append(all, other)
	}
	return append(all, operator)
}

func alertmanagerExample(c *catalog.Catalog) alertmanagerConfig {
	// What stops everything goes to the pager at once, and besides to whom it may concern.
	routes := []route{{Receiver: "pager", Matchers: []string{`severity="critical"`}, GroupWait: "0s", RepeatInterval: "1h", Continue: true}}
	receivers := []amReceiver{{"everybody", []webhook{{"http://127.0.0.1:9094/everybody"}}}, {"pager", []webhook{{"http://127.0.0.1:9094/pager"}}}}
	for _, actor := range actors(c) {
		routes = append(routes, route{Receiver: actor, Matchers: []string{equal("actor", actor)}})
		receivers = append(receivers, amReceiver{actor, []webhook{{"http://127.0.0.1:9094/" + url.PathEscape(slug(actor))}}})
	}
	same := []string{"cluster", "namespace", "job", "source"}
	return alertmanagerConfig{
		Route: route{
			Receiver: "everybody", GroupBy: []string{"alertname", "cluster", "job", "source", "code"}, GroupWait: "5s", GroupInterval: "1m",
			RepeatInterval: "4h", Routes: routes,
		},
		Inhibit: []inhibition{
			// A frozen account fails every call, in whatever words the other services have for it.
			{[]string{`alertname="HuaweiCloudAccountRestricted"`}, []string{`alertname=~"HuaweiCloud(AccessDenied|CredentialsRejected|ServiceUnhealthy|StorageUnreachable|RequestErrors|InputErrors)"`}, same},
			// The same code once critical, once not.
			{[]string{`severity="critical"`}, []string{`severity=~"warning|info"`}, append([]string{"alertname", "code"}, same...)},
			// An exporter that does not answer cannot be behind, silent or without a disk.
			{[]string{`alertname="ErrcodeExporterDown"`}, []string{`alertname=~"ErrcodeExporter.+"`, `alertname!="ErrcodeExporterDown"`}, []string{"job", "instance"}},
			{[]string{`alertname="ErrcodeExporterNotDurable"`}, []string{`alertname="ErrcodeExporterCheckpointFailing"`}, []string{"job", "instance"}},
			{[]string{`alertname="ErrcodeExporterSourceMissing"`}, []string{`alertname=~"ErrcodeExporterSource(Silent|Errors)"`}, []string{"job", "instance", "source"}},
		},
		Receivers: receivers,
	}
}
