package triage

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"errcode_exporter/catalog"
)

// TestFloodKeepsTheRare writes 100,000 events of one code around three of another.
func TestFloodKeepsTheRare(t *testing.T) {
	f := func(name string, l Limits, flood int) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			r := newRig(t, l)
			for i := range flood {
				if i == 10 || i == 20 || i == flood/2 {
					r.occurs("IS.4006", "search")
				}
				r.occurs("IS.2002", "search")
				r.pass(time.Millisecond)
			}
			kept := r.events("IS.4006")
			if len(kept) != 3 {
				t.Fatalf("%d events of the rare code are left, want 3", len(kept))
			}
			for _, e := range kept {
				if e.RequestID == "" || !strings.Contains(e.Excerpt, "IS.4006 request_id="+e.RequestID) {
					t.Errorf("it has lost what it says: %+v", e)
				}
			}
			common := r.events("IS.2002")
			if len(common) == 0 || common[0].RequestID != fmt.Sprintf("req-%06d", flood+3) {
				t.Errorf("the newest of the common code is %+v", common[:min(1, len(common))])
			}
			if want := flood + 3 - r.ring.events; r.dropped[DroppedEvents] != want || r.ring.events > r.ring.limits.Events || r.ring.bytes > r.ring.limits.Bytes {
				t.Errorf("%d events with %d bytes, %d dropped, want %d", r.ring.events, r.ring.bytes, r.dropped[DroppedEvents], want)
			}
			if c := r.tally.codes["IS.2002"].cells[place{source: "search"}]; c.total != uint64(flood) {
				t.Errorf("%d are counted", c.total)
			}
		})
	}
	f("default", Limits{}, 100_000)
	f("few events", Limits{Events: 10, PerCode: 1000}, 5000)
	f("few bytes", Limits{Bytes: 10_000, PerCode: 1_000_000}, 5000)
}

// TestFloodOfOneSourceKeepsTheOther has the same code in two sources.
func TestFloodOfOneSourceKeepsTheOther(t *testing.T) {
	r := newRig(t, Limits{})
	for range 3 {
		r.occurs("IS.2002", "worker")
	}
	for range 10_000 {
		r.occurs("IS.2002", "search")
	}
	n := 0
	for _, e := range r.events("IS.2002") {
		if e.Source == "worker" {
			n++
		}
	}
	if n != 3 {
		t.Errorf("%d events of the quiet source are left, want 3", n)
	}
}

// TestEveryCodeFloods gives each code the same number of events: each keeps the same share.
func TestEveryCodeFloods(t *testing.T) {
	r := newRig(t, Limits{Events: 300})
	codes := r.catalog.Load().Codes()
	for range 20 {
		for _, c := range codes {
			r.occurs(c.Name, "search")
		}
		r.pass(time.Second)
	}
	for _, c := range codes {
		if n := len(r.events(c.Name)); n < 300/len(codes) {
			t.Errorf("%s has %d events", c.Name, n)
		}
	}
}

// TestOldEventsDoNotPushOutNewOnes reads a log of yesterday after one of today.
func TestOldEventsDoNotPushOutNewOnes(t *testing.T) {
	r := newRig(t, Limits{})
	for range 100 {
		r.occurs("IS.2002", "search")
	}
	newest := r.events("IS.2002")[0]
	r.pass(-24 * time.Hour)
	for range 100 {
		r.occurs("IS.2002", "search")
	}
	kept := r.events("IS.2002")
	if kept[0] != newest || !kept[len(kept)-1].Time.Equal(noon) {
		t.Errorf("from %v to %v is kept, want %v", kept[len(kept)-1].Time, kept[0].Time, noon)
	}
	if r.dropped[DroppedEvents] != 100 {
		t.Errorf("%d dropped", r.dropped[DroppedEvents])
	}
}

// TestMemoryStaysWithinTheBound fills the ring with the biggest events that there are, from long lines.
func TestMemoryStaysWithinTheBound(t *testing.T) {
	const bound = 4 << 20
	r := newRig(t, Limits{Bytes: bound, Events: 1 << 20, PerCode: 1 << 20})
	heap := func() uint64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	line := func(code string) string { return code + " " + strings.Repeat("ordinary words, ", 256) }
	before := heap()
	for i := range 12_000 {
		code := fmt.Sprintf("IS.%04d", 1+i%500)
		r.lines++
		id := fmt.Sprintf("%0128d", r.lines)
		r.See(Sighting{
			Source: fmt.Sprint("source-", i%200), Time: r.now(), Findings: []catalog.Finding{{Name: code, Family: "IS"}},
			RequestID: id, TraceID: id, Text: []byte(line(code)), File: "app.log", Offset: r.lines,
		})
		r.pass(time.Second) // so that masking has time
	}
	took := int64(heap()) - int64(before)
	tally := int64(len(r.tally.codes) * 200 * 160) // the counts are not the ring's
	if took > bound+tally {
		t.Errorf("the heap has grown by %d bytes, and the bound is %d (and %d for the counts)", took, bound, tally)
	}
	if r.ring.bytes < bound*9/10 || r.ring.bytes > bound {
		t.Errorf("%d bytes are kept", r.ring.bytes)
	}
	runtime.KeepAlive(r.Board)
}

func TestUnlistedCodesAreBounded(t *testing.T) {
	r := newRig(t, Limits{})
	for i := range 1000 {
		r.occurs(fmt.Sprintf("ModelArts.%08d", 50_000_000+i), "search")
	}
	if n := len(r.tally.codes); n != maxUnlisted+1 {
		t.Errorf("%d codes are counted under their own name, want %d and one for the others", n, maxUnlisted)
	}
	if c := r.tally.codes["ModelArts.other"].cells[place{source: "search"}]; c.total != 1000-maxUnlisted || r.dropped[DroppedCodes] != 1000-maxUnlisted {
		t.Errorf("%d are counted as others, %d dropped", c.total, r.dropped[DroppedCodes])
	}
}
