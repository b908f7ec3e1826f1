package metrics

import (
	"slices"
	"strconv"

	dto "github.com/prometheus/client_model/go"

	"errcode_exporter/catalog"
)

// Detail says which codes keep the code label of their own.
type Detail int

const (
	// DetailCode keeps the label for every code.
	DetailCode Detail = iota
	// DetailCategory keeps it for critical codes and those of raise_quota, so that their alerts go on working. The
	// others share, per family and category, one series whose code label is empty.
	DetailCategory
)

// quota is the category whose codes keep their label whatever the detail: which limit was hit is the whole message.
const quota = "raise_quota"

// otherCode is the code label of unlisted codes beyond the limit.
const otherCode = "other"

// key is what tells the series of one source apart: the labels but for the source.
type key struct{ code, family, category string }

// plan is what a catalog and the options come to: the series that every source has from the beginning. It does not change.
type plan struct {
	catalog       *catalog.Catalog
	detail        Detail
	unlistedLimit int // negative: none keeps its name

	keys     []key // in the order of the catalog, each once
	families []string
	info     []*dto.Metric // huaweicloud_api_error_code_info
	labelled map[labelOf]bool
	// unlistedLabelled says whether unlisted codes keep their label.
	unlistedLabelled bool
	// pairs are the label pairs of keys, but for the source: all sources share them.
	pairs map[key][]*dto.LabelPair
}

// labelOf asks whether a code keeps its label where it has this category.
type labelOf struct{ code, category string }

func newPlan(o Options) *plan {
	c, limit := o.Catalog, o.UnlistedLimit
	if limit == 0 {
		limit = DefaultUnlistedLimit
	}
	p := &plan{catalog: c, detail: o.Detail, unlistedLimit: limit, labelled: map[labelOf]bool{}, pairs: map[key][]*dto.LabelPair{}}
	for _, f := range c.Families() {
		p.families = append(p.families, f.Name)
	}
	seen := map[key]bool{}
	for _, code := range c.Codes() {
		p.keepLabels(code)
		for _, m := range c.Meanings(code) {
			k := p.key(code.Name, code.Family, m.Category)
			if !seen[k] {
				seen[k] = true
				p.keys = append(p.keys, k)
				p.pairs[k] = k.labels()
			}
			if o.CodeInfo {
				p.info = append(p.info, infoMetric(code, m))
			}
		}
	}
	others := c.Others()
	p.unlistedLabelled = p.keeps(others.Category, others.Severity)
	return p
}

// keepLabels notes for each category of a code whether it keeps the label there. Two meanings of the same category
// share a series, so one that is critical is enough.
func (p *plan) keepLabels(code *catalog.Code) {
	note := func(category string, severity catalog.Severity) {
		if p.keeps(category, severity) {
			p.labelled[labelOf{code.Name, category}] = true
		}
	}
	note(code.Category, code.Severity)
	for _, cause := range code.Causes {
		note(cause.Category, cause.Severity)
	}
}

func (p *plan) keeps(category string, severity catalog.Severity) bool {
	return p.detail == DetailCode || severity == catalog.Critical || category == quota
}

// key returns the labels under which a listed code is counted.
func (p *plan) key(code, family, category string) key {
	if p.detail != DetailCode && !p.labelled[labelOf{code, category}] {
		code = ""
	}
	return key{code, family, category}
}

// makes says whether events are counted under these labels.
func (p *plan) makes(k key) bool {
	if _, ok := p.pairs[k]; ok {
		return true
	}
	_, listed := p.catalog.Lookup(k.code)
	return !listed && k.category == p.catalog.Others().Category && (k.family == otherCode || slices.Contains(p.families, k.family))
}

// labels returns the label pairs of a key, but for the source, which comes last.
func (p *plan) labels(k key) []*dto.LabelPair {
	if pairs, ok := p.pairs[k]; ok {
		return pairs
	}
	return k.labels()
}

func (k key) labels() []*dto.LabelPair {
	return labels("category", k.category, "code", k.code, "family", k.family)
}

func infoMetric(code *catalog.Code, m catalog.Meaning) *dto.Metric {
	one := 1.0
	return &dto.Metric{
		Label: labels(
			"actor", m.Actor, "category", m.Category, "code", code.Name, "family", code.Family,
			"retryable", strconv.FormatBool(m.Retryable), "severity", string(m.Severity),
		),
		Gauge: &dto.Gauge{Value: &one},
	}
}

// labels builds label pairs from names and values in turn. The names are given in alphabetical order, as client_golang
// writes them.
func labels(pairs ...string) []*dto.LabelPair {
	all := make([]dto.LabelPair, len(pairs)/2)
	ptrs := make([]*dto.LabelPair, len(all))
	for i := range all {
		all[i].Name, all[i].Value = &pairs[2*i], &pairs[2*i+1]
		ptrs[i] = &all[i]
	}
	return ptrs
}
