package metrics

import (
	"cmp"
	"slices"
	"strings"
	"sync"
	"time"

	dto "github.com/prometheus/client_model/go"
	"google.golang.org/protobuf/types/known/timestamppb"

	"errcode_exporter/catalog"
)

// Source is the part of the table that belongs to one source of log lines.
type Source struct {
	table *Table
	name  string
	label *dto.LabelPair // source=name, shared by all series
	activity
	// awake is set once somebody has asked for the source: one that was only restored is saved, but not shown. The
	// table's lock guards it.
	awake bool
	// retired is set when the source is no longer read: its counters stay, but nothing is said of its files. Guarded likewise.
	retired bool

	mu       sync.Mutex             // guards what follows
	created  *timestamppb.Timestamp // when the series that need no event began
	plan     *plan
	errors   group       // huaweicloud_api_errors_total
	unlisted group       // huaweicloud_api_unlisted_errors_total; only the family of a key is set
	lastSeen []*lastSeen // sorted by code and category
	// listed finds the series of a code: one for each category that it can have.
	listed map[*catalog.Code][]*series
	// names counts, per family, the unlisted codes that have a series of their own.
	names map[string]int
}

func newSource(t *Table, name string) *Source {
	name = strings.Clone(name)
	s := &Source{
		table:    t,
		name:     name,
		label:    labels("source", name)[0],
		created:  timestamppb.New(t.now().Truncate(time.Millisecond)),
		names:    map[string]int{},
		activity: newActivity(t.lostReasons),
	}
	s.activity.label(s.label)
	s.adopt(t.plan)
	return s
}

// adopt creates the series of a plan that do not exist.
func (s *Source) adopt(p *plan) {
	s.plan = p
	for _, k := range p.keys {
		s.born(k)
	}
	for _, family := range p.families {
		s.bornUnlisted(family)
	}
	clear(s.names)
	for _, have := range s.errors.series {
		if p.unlisted(have.key) {
			s.names[have.family]++
		}
	}
	s.listed = map[*catalog.Code][]*series{}
	for _, code := range p.catalog.Codes() {
		for _, m := range p.catalog.Meanings(code) {
			s.listed[code] = append(s.listed[code], s.born(p.key(code.Name, code.Family, m.Category)))
		}
	}
}

// born returns the series of the errors with a key, and creates it where it does not exist.
func (s *Source) born(k key) *series {
	if have, ok := s.errors.byKey[k]; ok {
		return have
	}
	return s.errors.add(k, append(slices.Clip(s.plan.labels(k)), s.label), s.birth())
}

// bornUnlisted does the same for the count of a family's unlisted codes.
func (s *Source) bornUnlisted(family string) *series {
	k := key{family: family}
	if have, ok := s.unlisted.byKey[k]; ok {
		return have
	}
	return s.unlisted.add(k, append(labels("family", family), s.label), s.birth())
}

// birth is the creation time of a series that is born now. Those that are born with the source share one.
func (s *Source) birth() *timestamppb.Timestamp {
	if s.listed == nil {
		return s.created
	}
	return timestamppb.New(s.table.now().Truncate(time.Millisecond))
}

// Occurrence is what is known about one event apart from the code that it names.
type Occurrence struct {
	// Time is when the event happened, for the last-seen gauge, which never goes back. Zero means now. A time in the
	// future is taken as it is: the caller knows which times to trust.
	Time time.Time
	// RequestID and TraceID become the exemplar. They may hold anything; what may not be shown is left out.
	RequestID, TraceID string
	// History says that the event was in the files at the very first start. It is part of the first value that is shown.
	History bool
}

// Count counts one event that names one code.
func (s *Source) Count(f catalog.Finding, o Occurrence) {
	at := o.Time
	if at.IsZero() {
		at = s.table.now()
	}
	ms := at.UnixMilli()
	ids, refused := exemplarOf(o)
	if refused > 0 {
		s.Dropped(DroppedExemplar, refused)
	}

	s.mu.Lock()
	defer s.mu.Unlock()
	var hit *series
	if f.Code != nil {
		hit = s.findListed(f)
	} else {
		family := s.family(f.Family)
		hit = s.findUnlisted(f.Name, family)
		s.bornUnlisted(family).count(o.History)
	}
	hit.count(o.History)
	hit.mark(ids, ms)
	s.see(hit, ms)
}

// findListed returns the series of a code that the catalog lists.
func (s *Source) findListed(f catalog.Finding) *series {
	category := f.Code.Category
	if f.Cause != nil {
		category = f.Cause.Category
	}
	for _, have := range s.listed[f.Code] {
		if have.category == category {
			return have
		}
	}
	// The finding was made with another catalog than the table's, as can happen for a moment during a reload.
	return s.born(s.plan.key(f.Code.Name, f.Code.Family, category))
}

// findUnlisted returns the series of a code that the catalog does not list.
func (s *Source) findUnlisted(name, family string) *series {
	k := key{name, family, s.plan.catalog.Others().Category}
	if !s.plan.unlistedLabelled {
		k.code = ""
		return s.born(k)
	}
	if have, ok := s.errors.byKey[k]; ok && name != otherCode {
		return have
	}
	if s.names[family] >= s.plan.unlistedLimit || !spelled(name) || name == otherCode {
		s.Dropped(DroppedUnlistedNames, 1)
		k.code = otherCode
		return s.born(k)
	}
	s.names[family]++
	k.code = strings.Clone(name)
	return s.born(k)
}

// family keeps the number of family labels bounded, whatever a finding says.
func (s *Source) family(name string) string {
	if !slices.Contains(s.plan.families, name) {
		return otherCode
	}
	return name
}

// maxName is longer than any spelling of a code that is looked for.
const maxName = 48

// spelled reports whether a name may be a label.
func spelled(name string) bool { return name != "" && len(name) <= maxName && showable(name) }

// see moves the last-seen time of a series' code and category forward. The category tells it from another meaning of the same code, and
// from the one that it had before a reload.
func (s *Source) see(hit *series, ms int64) {
	if hit.lastSeen == nil {
		i, ok := slices.BinarySearchFunc(s.lastSeen, hit.key, func(l *lastSeen, k key) int {
			return cmp.Or(strings.Compare(l.code, k.code), strings.Compare(l.category, k.category))
		})
		if !ok {
			pairs := append(labels("category", hit.category, "code", hit.code), s.label)
			s.lastSeen = slices.Insert(s.lastSeen, i, &lastSeen{hit.code, hit.category, pairs, ms})
		}
		hit.lastSeen = s.lastSeen[i]
	}
	hit.lastSeen.at = max(hit.lastSeen.at, ms)
}
