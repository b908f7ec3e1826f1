package triage

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"errcode_exporter/catalog"
	"errcode_exporter/redact"
)

// noon is when tests take place.
var noon = time.Date(2026, 3, 5, 12, 0, 0, 0, time.UTC)

// rig is a board whose clock stands still until it is moved, and what it was told.
type rig struct {
	*testing.T
	*Board
	mu      sync.Mutex
	clock   time.Time
	dropped map[string]int
	masked  map[string]int
	lines   int64
}

func newRig(t *testing.T, l Limits) *rig {
	t.Helper()
	r := &rig{T: t, clock: noon, dropped: map[string]int{}, masked: map[string]int{}}
	r.Board = New(Options{
		Catalog: load(t), Limits: l, Now: r.now,
		Dropped:  func(reason string, n int) { r.count(r.dropped, reason, n) },
		Redacted: func(kind redact.Kind, n int) { r.count(r.masked, kind.String(), n) },
	})
	return r
}

func (r *rig) count(in map[string]int, key string, n int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	in[key] += n
}

func (r *rig) now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.clock
}

func (r *rig) pass(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.clock = r.clock.Add(d)
}

func load(t testing.TB) *catalog.Catalog {
	t.Helper()
	cat, err := catalog.Load()
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// finding is what the extractor hands over for a code, with the cause whose words are given.
func finding(t testing.TB, cat *catalog.Catalog, name, words string) catalog.Finding {
	t.Helper()
	prefix, _, _ := strings.Cut(name, ".")
	f := catalog.Finding{Name: name, Family: prefix}
	if code, ok := cat.Lookup(name); ok {
		f.Code, f.Family = code, code.Family
		for i := range code.Causes {
			if code.Causes[i].Words == words {
				f.Cause = &code.Causes[i]
			}
		}
	}
	if words != "" && f.Cause == nil {
		t.Fatalf("%s has no cause %q", name, words)
	}
	return f
}

// occurs lets a log name a code, with a line of its own and the next request ID.
func (r *rig) occurs(code, source string) { r.line(code, source, "") }

func (r *rig) line(code, source, text string) {
	r.Helper()
	r.lines++
	id := fmt.Sprintf("req-%06d", r.lines)
	if text == "" {
		text = "2026-03-05 ERROR search failed: " + code + " request_id=" + id
	}
	r.See(Sighting{
		Source: source, Time: r.now(), Findings: []catalog.Finding{finding(r.T, r.catalog.Load(), code, "")},
		RequestID: id, Text: []byte(text), File: "app.log", Offset: r.lines * 100,
	})
}

// events are the kept ones of a code, the newest first.
func (r *rig) events(code string) []Event {
	r.Board.mu.Lock()
	defer r.Board.mu.Unlock()
	return r.ring.of(code)
}
