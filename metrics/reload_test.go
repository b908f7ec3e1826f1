package metrics

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"errcode_exporter/catalog"
)

func overlaid(t *testing.T, o catalog.Overlay) *catalog.Catalog {
	t.Helper()
	c, err := catalog.Load(o)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A code whose category changes gets a series of its own, which begins at 0; the old one stays, and its last-seen time too.
func TestCategoryChangeStartsANewSeries(t *testing.T) {
	s := newSite(t, Options{CodeInfo: true})
	s.count("IS.0001", "IS.0001")
	s.scrape()
	s.want(s.scrape(), counterOf("fix_request", "IS.0001"), "2.0")

	s.now = s.now.Add(time.Hour)
	moved := overlaid(t, catalog.Overlay{Codes: []catalog.CodeOverlay{{Code: "IS.0001", Category: "raise_quota"}}})
	s.table.Reconfigure(Options{Catalog: moved, CodeInfo: true})
	s.count("IS.0001")
	text := s.scrape()
	s.want(text, counterOf("fix_request", "IS.0001"), "2.0")
	s.want(text, counterOf("raise_quota", "IS.0001"), "0.0") // its first scrape
	text = s.scrape()
	s.want(text, counterOf("raise_quota", "IS.0001"), "1.0")
	s.want(text, lastSeenGauge+`{category="fix_request",code="IS.0001",source="app"}`, "1.7e+09")
	s.want(text, lastSeenGauge+`{category="raise_quota",code="IS.0001",source="app"}`, "1.7000036e+09")
	if strings.Count(text, codeInfoGauge+`{actor="service owner",category="raise_quota",code="IS.0001"`) != 1 || strings.Contains(text, `category="fix_request",code="IS.0001",family="IS",retryable`) {
		t.Error("what is said of the code is not what the new catalog says")
	}

	// Back again: both go on where they stood.
	s.table.Reconfigure(Options{Catalog: loadCatalog(t)})
	s.count("IS.0001")
	text = s.scrape()
	s.want(text, counterOf("fix_request", "IS.0001"), "3.0")
	s.want(text, counterOf("raise_quota", "IS.0001"), "1.0")
	if strings.Contains(text, codeInfoGauge) {
		t.Error("code_info was switched off, and is shown")
	}
}

func counterOf(category, code string) string {
	family, _, _ := strings.Cut(code, ".")
	return fmt.Sprintf(`%s{category=%q,code=%q,family=%q,source="app"}`, errorsTotal, category, code, family)
}

// What is no longer made stays for a day after its last event, and goes with the restart after that.
func TestSeriesThatAreNoLongerMadeGoWithARestart(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.0001", "IS.9999", "XX.0001")
	s.scrape()
	moved := Options{Catalog: overlaid(t, catalog.Overlay{Codes: []catalog.CodeOverlay{{Code: "IS.0001", Category: "raise_quota"}}})}
	s.now = s.now.Add(23 * time.Hour)
	s = s.restart(moved)
	text := s.scrape()
	s.want(text, counterOf("fix_request", "IS.0001"), "1.0")
	s.want(text, counterOf("raise_quota", "IS.0001"), "0.0")
	s.now = s.now.Add(2 * time.Hour)
	s = s.restart(moved)
	text = s.scrape()
	s.want(text, counterOf("raise_quota", "IS.0001"), "0.0")
	s.want(text, counterOf("open_ticket", "IS.9999"), "1.0") // one that is not listed is still made
	if strings.Contains(text, counterOf("fix_request", "IS.0001")) || strings.Contains(text, `{category="fix_request",code="IS.0001"`) {
		t.Error("the old series or its last-seen time is still there")
	}
}

// A family that is added has its series at 0, and its codes are no longer folded into "other".
func TestFamilyIsAddedAndTakenAway(t *testing.T) {
	s := newSite(t, Options{})
	s.scrape()
	with := overlaid(t, catalog.Overlay{
		Families: []catalog.FamilyOverlay{{Name: "MMS", Digits: catalog.Digits{Min: 4, Max: 4}}},
		Codes:    []catalog.CodeOverlay{{Code: "MMS.0001", Message: "No quota.", Category: "raise_quota"}, {Code: "IS.0001", Mute: true}},
	})
	s.table.Reconfigure(Options{Catalog: with})
	text := s.scrape()
	s.want(text, counterOf("raise_quota", "MMS.0001"), "0.0")
	s.want(text, unlistedTotal+`{family="MMS",source="app"}`, "0.0")
	s.want(text, counterOf("fix_request", "IS.0001"), "0.0") // muted, and there as long as the process is
	s.source.Count(finding(t, with, "MMS.0001"), Occurrence{})
	s.source.Count(finding(t, with, "MMS.9999"), Occurrence{})
	s.scrape()
	text = s.scrape()
	s.want(text, counterOf("raise_quota", "MMS.0001"), "1.0")
	s.want(text, counterOf("open_ticket", "MMS.9999"), "1.0")
	s.want(text, unlistedTotal+`{family="MMS",source="app"}`, "1.0")

	fresh := newSite(t, Options{Catalog: with})
	if text := fresh.scrape(); strings.Contains(text, `code="IS.0001"`) {
		t.Error("a muted code has a series from the start")
	}

	s.table.Reconfigure(Options{Catalog: loadCatalog(t)})
	text = s.scrape()
	s.want(text, counterOf("raise_quota", "MMS.0001"), "1.0")
	s.want(text, unlistedTotal+`{family="MMS",source="app"}`, "1.0")
}

// A code that becomes listed no longer takes the place of one that is not.
func TestListedCodesDoNotCountTowardsTheLimit(t *testing.T) {
	s := newSite(t, Options{UnlistedLimit: 2})
	s.count("IS.9991", "IS.9992", "IS.9993")
	s.table.Reconfigure(Options{UnlistedLimit: 2, Catalog: overlaid(t, catalog.Overlay{
		Codes: []catalog.CodeOverlay{{Code: "IS.9991", Message: "Of ours.", Category: "check_service"}},
	})})
	s.count("IS.9993", "IS.9994")
	text := s.curl()
	s.want(text, counterOf("open_ticket", "IS.9991"), "1.0")
	s.want(text, counterOf("open_ticket", "IS.9993"), "1.0")
	s.want(text, strings.Replace(counterOf("open_ticket", "IS.other"), "IS.other", "other", 1), "2.0")
}

func TestDetailChangesWithoutARestart(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.0001")
	s.scrape()
	s.table.Reconfigure(Options{Catalog: loadCatalog(t), Detail: DetailCategory})
	s.count("IS.0001")
	s.scrape()
	text := s.scrape()
	s.want(text, counterOf("fix_request", "IS.0001"), "1.0")
	s.want(text, errorsTotal+`{category="fix_request",code="",family="IS",source="app"}`, "1.0")
}

// A source that is not read any more keeps its counters, and nothing is said of its files.
func TestRetiredSource(t *testing.T) {
	s := newSite(t, Options{})
	s.table.Source("web")
	s.table.SetStatus(func() []SourceStatus {
		return []SourceStatus{{Source: "app", Files: 2, LagBytes: 5, LastLine: start}, {Source: "web", Files: 1}}
	})
	s.count("IS.4006")
	s.scrape()
	s.table.Retire("app")
	s.table.Retire("nobody")
	text := s.scrape()
	s.want(text, frozen, "1.0")
	for _, gauge := range []string{"files", "lag_bytes", "last_line_timestamp_seconds"} {
		if strings.Contains(text, "errcode_exporter_source_"+gauge+`{source="app"}`) {
			t.Errorf("%s is there", gauge)
		}
	}
	wantSamples(t, text, "errcode_exporter_source_files", `{source="web"} 1.0`)
	s.table.Source("app")
	wantSamples(t, s.scrape(), "errcode_exporter_source_files", `{source="app"} 2.0`, `{source="web"} 1.0`)
}

// What was saved before the last-seen time had a category is understood.
func TestSnapshotFromBeforeCategories(t *testing.T) {
	s := newSite(t, Options{})
	s.restore(`{"version":1,"sources":[{"name":"app","last_seen":{"IS.4006":1600000000000},"series":[{"code":"IS.4006","family":"IS","category":"restore_account","total":3}]}]}`)
	s.want(s.curl(), seen, "1.6e+09")
}
