package triage

import (
	"strings"
	"testing"
	"time"

	"errcode_exporter/catalog"
)

func TestOnlyWhatIsMaskedIsKept(t *testing.T) {
	r := newRig(t, Limits{})
	const secret = "hunter2hunter2"
	r.See(Sighting{
		Source: "search", Time: noon, Findings: []catalog.Finding{finding(t, r.catalog.Load(), "IS.0021", "")},
		RequestID: "<script>", TraceID: "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIx", File: "app.log",
		Text: []byte("password=" + secret + " \x1b[31mIS.0021\x1b[0m \u202etoken=" + strings.Repeat("Aa1", 20)),
	})
	e := r.events("IS.0021")[0]
	if strings.Contains(e.Excerpt, secret) || strings.Contains(e.Excerpt, "Aa1Aa1") || strings.ContainsAny(e.Excerpt, "\x1b\u202e") || !strings.Contains(e.Excerpt, "IS.0021") {
		t.Errorf("the excerpt is %q", e.Excerpt)
	}
	if e.RequestID != "" || e.TraceID != "" || r.dropped[DroppedIDs] != 2 {
		t.Errorf("IDs that may not be shown are kept: %+v, %d refused", e, r.dropped[DroppedIDs])
	}
	if r.masked["password"] != 1 || r.masked["token"] != 1 {
		t.Errorf("masked were %v", r.masked)
	}
}

func TestPosition(t *testing.T) {
	f := func(line, code string, want int) {
		t.Helper()
		if got := position([]byte(line), code); got != want {
			t.Errorf("%q in %q: at %d, want %d", code, line, got, want)
		}
	}
	f("IS.0104", "IS.0104", 0)
	f("AIS.0104 v1.IS.0104 IS.01045 (IS.0104)", "IS.0104", 30)
	f(`{"error_code":"IS.0104"}`, "IS.0104", 15)
	f("错误码IS.0104，", "IS.0104", 9)
	f("AIS.0104", "IS.0104", 1) // better than nothing
	f(`\u0049S.0104`, "IS.0104", 0)
}

// TestExcerptBehindMuchText has the code where masking would have to read too much.
func TestExcerptBehindMuchText(t *testing.T) {
	r := newRig(t, Limits{})
	r.line("IS.0021", "search", strings.Repeat("x", maxBefore+1)+" IS.0021 and a secret")
	if e := r.events("IS.0021")[0]; e.Excerpt != "…IS.0021…" {
		t.Errorf("the excerpt is %q", e.Excerpt)
	}
}

// TestMaskingHasABudget has lines that take long to mask: the clock is moved by what each took.
func TestMaskingHasABudget(t *testing.T) {
	var b budget
	var f flood
	now := noon
	masked := 0
	for range 10_000 {
		if b.allows(now, false, &f) {
			masked++
			b.spend(100 * time.Millisecond)
			now = now.Add(100 * time.Millisecond)
		}
		now = now.Add(10 * time.Millisecond) // of reading
	}
	passed := now.Sub(noon)
	if spent := time.Duration(masked) * 100 * time.Millisecond; spent > passed/budgetShare+budgetMost || masked < 10 {
		t.Errorf("%v of %v were spent on masking", spent, passed)
	}
	for b.allows(now, false, &f) {
		b.spend(100 * time.Millisecond)
	}
	if !b.allows(now, true, &f) {
		t.Error("what is common takes what is for the rare")
	}
	b.spend(budgetMost)
	if b.allows(now, true, &f) {
		t.Error("what is rare takes more than there is")
	}
	if !b.allows(now.Add(2*budgetShare*budgetMost), false, &f) {
		t.Error("the budget is never filled again")
	}
}

// TestFloodsHaveSomeExcerpts has more events than are worth masking.
func TestFloodsHaveSomeExcerpts(t *testing.T) {
	r := newRig(t, Limits{})
	for range 50 {
		r.occurs("IS.0021", "search")
	}
	for _, e := range r.events("IS.0021") {
		if e.Excerpt == "" {
			t.Fatal("a line is not kept although there is plenty of time")
		}
	}
	r.budget.spend(budgetMost / 4)
	for range 10_000 {
		r.occurs("IS.0021", "search")
	}
	kept, shown := r.events("IS.0021"), 0
	for _, e := range kept {
		if e.Excerpt != "" {
			shown++
		}
	}
	if shown < len(kept)/(floodMost+1) || shown > len(kept)/4 {
		t.Errorf("%d of %d events have their line", shown, len(kept))
	}
}

func TestWithoutBudgetEventsAreKeptWithoutTheirLine(t *testing.T) {
	r := newRig(t, Limits{})
	r.budget.allows(noon, true, nil)
	r.budget.spend(budgetMost)
	r.occurs("IS.0021", "search")
	e := r.events("IS.0021")[0]
	if e.Excerpt != "" || e.RequestID != "req-000001" || r.dropped[DroppedExcerpts] != 1 {
		t.Errorf("%+v, %d excerpts left out", e, r.dropped[DroppedExcerpts])
	}
}
