package metrics

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
)

// restart saves the site's counts as JSON and returns a site, an hour later, that has them restored.
func (s *site) restart(o Options) *site {
	s.t.Helper()
	data, err := json.Marshal(s.table.Snapshot())
	if err != nil {
		s.t.Fatal(err)
	}
	next := newSite(s.t, o)
	next.now = s.now.Add(time.Hour)
	next.restore(string(data))
	return next
}

func (s *site) restore(data string) {
	s.t.Helper()
	var saved Snapshot
	if err := json.Unmarshal([]byte(data), &saved); err != nil {
		s.t.Fatal(err)
	}
	if err := s.table.Restore(&saved); err != nil {
		s.t.Fatal(err)
	}
}

// busy is a site on which everything that is counted has happened.
func busy(t *testing.T, o Options) *site {
	s := newSite(t, o)
	s.source.Count(finding(t, s.table.plan.catalog, "IS.0001"), Occurrence{Time: s.now.Add(-time.Minute), History: true})
	s.count("IS.0001")
	s.scrape()
	s.now = s.now.Add(time.Minute)
	s.countID("req-1", "trace-1")
	s.count("IS.9991", "IS.9992", "IS.9993", "ModelArts.9999", "APIG.0201")
	s.source.AddLines(9)
	s.source.AddMatchedLines(8)
	s.source.AddReadBytes(1234)
	s.source.LineErrors(LineTooLong, 1)
	s.source.SourceError("new kind")
	s.source.Rotation(RotationTruncate)
	s.source.LostBytes(LostTruncated, 5)
	s.source.Dropped(DroppedEventCodes, 2)
	s.table.Redacted("token", 4)
	s.table.CheckpointFailed()
	s.table.Source("quiet")
	return s
}

func TestRestartChangesNothing(t *testing.T) {
	for _, detail := range []Detail{DetailCode, DetailCategory} {
		o := Options{UnlistedLimit: 2, Detail: detail}
		before := busy(t, o)
		after := before.restart(o)
		after.table.Source("quiet")
		after.table.ReloadSucceeded(start)
		wantSame(t, before.curl(), after.curl())
		wantSame(t, before.scrape(), after.scrape())
		protobuf := request("Accept", "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=compact-text")
		// This format writes one space or two as it likes.
		a, b := strings.ReplaceAll(before.serve(protobuf), "  ", " "), strings.ReplaceAll(after.serve(protobuf), "  ", " ")
		wantSame(t, a, b)
		if !strings.Contains(a, "created_timestamp") {
			t.Error("no creation times")
		}
		wantSame(t, mustJSON(t, before.table.Snapshot()), mustJSON(t, after.table.Snapshot()))
	}
}

// wantSame reports the lines that only one of two texts has at their place.
func wantSame(t *testing.T, before, after string) {
	t.Helper()
	a, b := strings.Split(before, "\n"), strings.Split(after, "\n")
	for i := range max(len(a), len(b)) {
		if x, y := line(a, i), line(b, i); x != y {
			t.Errorf("line %d\nbefore %s\nafter  %s", i+1, x, y)
		}
	}
}

func line(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "is missing"
}

func mustJSON(t *testing.T, v any) string {
	t.Helper()
	data, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestRestartRemembersWhatWasShown(t *testing.T) {
	s := newSite(t, Options{})
	s.scrape()
	s.count("IS.4006", "IS.9999")
	s = s.restart(Options{})
	text := s.scrape()
	s.want(text, frozen, "1.0")   // shown at 0 before the restart
	s.want(text, unlisted, "0.0") // not shown yet
	text = s.scrape()
	s.want(text, unlisted, "1.0")
	s = s.restart(Options{})
	s.want(s.scrape(), unlisted, "1.0")

	s = newSite(t, Options{})
	s.count("IS.4006")
	s = s.restart(Options{}) // before any scrape
	s.want(s.scrape(), frozen, "0.0")
	s.want(s.scrape(), frozen, "1.0")
}

func TestRestartKeepsHistoryApart(t *testing.T) {
	s := newSite(t, Options{})
	s.source.Count(finding(t, s.table.plan.catalog, "IS.4006"), Occurrence{History: true})
	s.count("IS.4006")
	s = s.restart(Options{})
	s.want(s.scrape(), frozen, "1.0")
	s.want(s.scrape(), frozen, "2.0")
}

func TestCodeThatIsNewAfterARestartBeginsAtZero(t *testing.T) {
	s := newSite(t, Options{})
	s.scrape()
	snap := s.table.Snapshot()
	for i, k := range snap.Zeros { // as if the catalog had not had it
		if k.Code == "IS.4006" {
			snap.Zeros = append(snap.Zeros[:i], snap.Zeros[i+1:]...)
			break
		}
	}
	s = newSite(t, Options{})
	if err := s.table.Restore(snap); err != nil {
		t.Fatal(err)
	}
	s.count("IS.4006", "IS.0001")
	s = s.restart(Options{}) // also remembered by the next one
	text := s.scrape()
	s.want(text, frozen, "0.0")
	s.want(text, strings.Replace(strings.Replace(frozen, "IS.4006", "IS.0001", 1), "restore_account", finding(t, s.table.plan.catalog, "IS.0001").Code.Category, 1), "1.0")
	s.want(s.scrape(), frozen, "1.0")
}

func TestUnlistedNamesCountTowardsTheLimitAfterARestart(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.9991", "IS.9992", "IS.9993")
	s = s.restart(Options{UnlistedLimit: 2})
	s.count("IS.9993", "IS.9994")
	wantSamples(t, s.curl(), errorsTotal,
		`{category="open_ticket",code="IS.9991",family="IS",source="app"} 1.0`,
		`{category="open_ticket",code="IS.9992",family="IS",source="app"} 1.0`,
		`{category="open_ticket",code="IS.9993",family="IS",source="app"} 2.0`, // never evicted
		`{category="open_ticket",code="other",family="IS",source="app"} 1.0`)
}

func TestCodesThatAreFoldedAfterARestartRingNoBell(t *testing.T) {
	s := newSite(t, Options{})
	s.scrape()
	s.count("IS.4006", "IS.0001", "IS.0001")
	s.scrape()
	s = s.restart(Options{Detail: DetailCategory})
	category := finding(t, s.table.plan.catalog, "IS.0001").Code.Category
	folded := fmt.Sprintf(`%s{category=%q,code="",family="IS",source="app"}`, errorsTotal, category)
	text := s.scrape()
	s.want(text, frozen, "1.0")
	s.want(text, folded, "2.0")
	s.want(text, fmt.Sprintf(`%s{category=%q,code="",source="app"}`, lastSeenGauge, category), "1.7e+09")
	s.count("IS.0001")
	s.want(s.scrape(), folded, "3.0")

	s = s.restart(Options{}) // and back: what was counted together stays together
	s.count("IS.0001")
	text = s.curl()
	s.want(text, folded, "3.0")
	s.want(text, fmt.Sprintf(`%s{category=%q,code="IS.0001",family="IS",source="app"}`, errorsTotal, category), "1.0")
}

func TestSourceThatIsNotConfiguredForAWhileKeepsItsCounts(t *testing.T) {
	s := newSite(t, Options{})
	s.table.Source("away").Count(finding(t, s.table.plan.catalog, "IS.4006"), Occurrence{})
	s.scrape()
	s.scrape()
	away := strings.Replace(frozen, "app", "away", 1)
	s = s.restart(Options{})
	if strings.Contains(s.scrape(), `source="away"`) {
		t.Error("a source that nobody asked for is shown")
	}
	s = s.restart(Options{})
	s.table.Source("away")
	s.want(s.scrape(), away, "1.0")
}

func TestSnapshotIsSmallWhereNothingHappened(t *testing.T) {
	s := newSite(t, Options{})
	s.scrape()
	one := len(mustJSON(t, s.table.Snapshot()))
	for i := range 100 {
		s.table.Source(fmt.Sprintf("source-%d", i))
	}
	s.scrape()
	if each := (len(mustJSON(t, s.table.Snapshot())) - one) / 100; each > 600 {
		t.Errorf("%d bytes for each source", each)
	}
}

func TestDamagedSnapshotIsRefusedAsAWhole(t *testing.T) {
	f := func(data, want string) {
		t.Helper()
		s := newSite(t, Options{})
		var saved Snapshot
		if err := json.Unmarshal([]byte(data), &saved); err != nil {
			t.Fatal(err)
		}
		if err := s.table.Restore(&saved); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", data, err, want)
		}
		wantSamples(t, s.curl(), errorsTotal)
	}
	const good = `{"name":"app","series":[{"code":"IS.4006","family":"IS","category":"restore_account","total":3}]}`
	f(`{"sources":[`+good+`]}`, "version 0 is not known")
	f(`{"version":2,"sources":[`+good+`]}`, "version 2 is not known")
	f(`{"version":1,"sources":[`+good+`,{"name":""}]}`, `source ""`)
	f(`{"version":1,"sources":[`+good+`,`+good+`]}`, `source "app"`)
	f(`{"version":1,"sources":[`+good+`,{"name":"b","series":[{"code":"IS.4006","family":"IS","total":1,"history":2}]}]}`, "history 2 is more than the total 1")
	f(`{"version":1,"sources":[`+good+`,{"name":"b","series":[{"code":"IS\n","family":"IS","total":1}]}]}`, "not a label")
	f(`{"version":1,"sources":[`+good+`,{"name":"b","unlisted":[{"family":"","total":1}]}]}`, "not a label")
}

func TestHostileExemplarInASnapshotIsLeftOut(t *testing.T) {
	s := newSite(t, Options{})
	s.restore(`{"version":1,"sources":[{"name":"app","series":[{"code":"IS.4006","family":"IS","category":"restore_account","total":3,
		"exemplar":{"request_id":"a\nb\"","time":1}}]}]}`)
	s.want(s.curl(), frozen, "3.0")
}

func TestCutIsNotChangedByWhatFollows(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.4006", "IS.9999")
	cut := s.table.Cut()
	before := mustJSON(t, cut.Snapshot())
	s.count("IS.4006", "IS.9999", "IS.9998")
	s.countID("req-1", "")
	s.source.AddLines(1)
	s.scrape()
	if after := mustJSON(t, cut.Snapshot()); before != after {
		t.Errorf("before\n%s\nafter\n%s", before, after)
	}
}

func TestCutHoldsNoEventByHalf(t *testing.T) {
	s := newSite(t, Options{})
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range 2000 {
			s.count(fmt.Sprintf("IS.9%03d", i%40))
		}
	}()
	for running := true; running; {
		select {
		case <-done:
			running = false
		default:
		}
		var named uint64
		snap := s.table.Snapshot()
		for _, series := range snap.Sources[0].Series {
			named += series.Total
		}
		for _, family := range snap.Sources[0].Unlisted {
			if family.Family == "IS" && family.Total != named {
				t.Fatalf("%d events by name, %d by family", named, family.Total)
			}
		}
	}
}
