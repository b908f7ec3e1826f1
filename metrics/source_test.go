package metrics

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"errcode_exporter/catalog"
)

// matching returns the samples of a metric, without those that are 0.
func matching(text, metric string) []string {
	var found []string
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, metric+"{") && !strings.HasSuffix(line, " 0.0") {
			found = append(found, strings.TrimPrefix(line, metric))
		}
	}
	return found
}

func wantSamples(t *testing.T, text, metric string, want ...string) {
	t.Helper()
	if got := matching(text, metric); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s has\n%s\nwant\n%s", metric, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestEveryListedCodeIsThereFromZero(t *testing.T) {
	s := newSite(t, Options{})
	text := s.scrape()
	for _, code := range s.table.plan.catalog.Codes() {
		for _, m := range s.table.plan.catalog.Meanings(code) {
			s.want(text, fmt.Sprintf(`%s{category=%q,code=%q,family=%q,source="app"}`, errorsTotal, m.Category, code.Name, code.Family), "0.0")
		}
	}
	for _, family := range []string{"IS", "APIG", "ModelArts"} {
		s.want(text, fmt.Sprintf(`%s{family=%q,source="app"}`, unlistedTotal, family), "0.0")
	}
	if n := strings.Count(text, "\n"+errorsTotal+"{"); n < 145 {
		t.Errorf("only %d series", n)
	}
	wantSamples(t, text, lastSeenGauge)
}

func TestCauseDecidesWhichSeriesCounts(t *testing.T) {
	s := newSite(t, Options{})
	f := finding(t, s.table.plan.catalog, "APIG.0201")
	s.source.Count(f, Occurrence{})
	for i := range f.Code.Causes {
		f.Cause = &f.Code.Causes[i]
		s.source.Count(f, Occurrence{})
	}
	text := s.curl()
	wantSamples(t, text, errorsTotal,
		`{category="fix_request",code="APIG.0201",family="APIG",source="app"} 1.0`,
		`{category="check_service",code="APIG.0201",family="APIG",source="app"} 2.0`)
	wantSamples(t, text, lastSeenGauge, `{category="check_service",code="APIG.0201",source="app"} 1.7e+09`, `{category="fix_request",code="APIG.0201",source="app"} 1.7e+09`)
}

func TestUnlistedCodesKeepTheirNameUpToALimit(t *testing.T) {
	s := newSite(t, Options{UnlistedLimit: 2})
	s.count("IS.9991", "IS.9992", "IS.9993", "IS.9994", "IS.9991", "IS.9993", "ModelArts.9999")
	text := s.curl()
	wantSamples(t, text, errorsTotal,
		`{category="open_ticket",code="IS.9991",family="IS",source="app"} 2.0`,
		`{category="open_ticket",code="IS.9992",family="IS",source="app"} 1.0`,
		`{category="open_ticket",code="other",family="IS",source="app"} 3.0`,
		`{category="open_ticket",code="ModelArts.9999",family="ModelArts",source="app"} 1.0`)
	wantSamples(t, text, unlistedTotal, `{family="IS",source="app"} 6.0`, `{family="ModelArts",source="app"} 1.0`)
	wantSamples(t, text, lastSeenGauge,
		`{category="open_ticket",code="IS.9991",source="app"} 1.7e+09`, `{category="open_ticket",code="IS.9992",source="app"} 1.7e+09`,
		`{category="open_ticket",code="ModelArts.9999",source="app"} 1.7e+09`, `{category="open_ticket",code="other",source="app"} 1.7e+09`)
	s.want(text, `errcode_exporter_dropped_total{reason="unlisted_names"}`, "3.0")

	another := s.table.Source("another") // has a limit of its own
	another.Count(finding(t, s.table.plan.catalog, "IS.9994"), Occurrence{})
	s.want(s.curl(), `huaweicloud_api_errors_total{category="open_ticket",code="IS.9994",family="IS",source="another"}`, "1.0")
}

func TestUnlistedLimitIs16UnlessSaid(t *testing.T) {
	f := func(limit, want int) {
		t.Helper()
		s := newSite(t, Options{UnlistedLimit: limit})
		for i := range 100 {
			s.count(fmt.Sprintf("IS.9%03d", i))
		}
		if n := strings.Count(s.curl(), `code="IS.9`); n != 2*want { // count and last-seen time
			t.Errorf("limit %d: %d names", limit, n/2)
		}
	}
	f(0, 16)
	f(20, 20)
	f(-1, 0)
}

func TestNamesThatAreNoCodesAreNeverLabels(t *testing.T) {
	s := newSite(t, Options{})
	for _, name := range []string{"", "other", "IS.\xff", `IS."1`, "IS.1\n", strings.Repeat("9", 1000)} {
		s.source.Count(catalog.Finding{Name: name, Family: "IS"}, Occurrence{})
	}
	s.source.Count(catalog.Finding{Name: "XX.0001", Family: "X\xffX"}, Occurrence{})
	text := s.curl()
	wantSamples(t, text, errorsTotal, `{category="open_ticket",code="other",family="IS",source="app"} 6.0`,
		`{category="open_ticket",code="XX.0001",family="other",source="app"} 1.0`)
	wantSamples(t, text, unlistedTotal, `{family="IS",source="app"} 6.0`, `{family="other",source="app"} 1.0`)
}

func TestFindingOfAnotherCatalogIsCountedUnderItsLabels(t *testing.T) {
	s := newSite(t, Options{})
	s.source.Count(finding(t, loadCatalog(t), "IS.4006"), Occurrence{})
	s.want(s.curl(), frozen, "1.0")
}

func TestCountsStayWhenTheCatalogIsReplaced(t *testing.T) {
	s := newSite(t, Options{CodeInfo: true})
	s.scrape()
	s.count("IS.4006", "IS.9999")
	s.table.Reconfigure(Options{Catalog: loadCatalog(t)})
	s.count("IS.4006", "IS.9999")
	s.scrape()
	text := s.scrape()
	s.want(text, frozen, "2.0")
	s.want(text, unlisted, "2.0")
}

func TestDetailCategoryKeepsTheLabelsOfWhatMustRing(t *testing.T) {
	s := newSite(t, Options{Detail: DetailCategory})
	c := s.table.plan.catalog
	text := s.scrape()
	for _, code := range c.Codes() {
		for _, m := range c.Meanings(code) {
			name := ""
			if m.Severity == catalog.Critical || m.Category == "raise_quota" {
				name = code.Name
			}
			s.want(text, fmt.Sprintf(`%s{category=%q,code=%q,family=%q,source="app"}`, errorsTotal, m.Category, name, code.Family), "0.0")
			if name == "" && strings.Contains(text, fmt.Sprintf("code=%q", code.Name)) && len(c.Meanings(code)) == 1 {
				t.Errorf("%s is a label", code.Name)
			}
		}
	}

	s.count("IS.4006", "IS.0001", "IS.0002", "IS.9999", "IS.9998")
	text = s.curl()
	fold := map[string]int{"open_ticket": 2}
	for _, name := range []string{"IS.0001", "IS.0002"} {
		fold[finding(t, c, name).Code.Category]++
	}
	s.want(text, frozen, "1.0")
	for category, n := range fold {
		s.want(text, fmt.Sprintf(`%s{category=%q,code="",family="IS",source="app"}`, errorsTotal, category), fmt.Sprintf("%d.0", n))
	}
	wantSamples(t, text, lastSeenGauge, `{category="fix_request",code="",source="app"} 1.7e+09`,
		`{category="open_ticket",code="",source="app"} 1.7e+09`, `{category="restore_account",code="IS.4006",source="app"} 1.7e+09`)
	s.want(text, families, "2.0")
	s.want(text, `errcode_exporter_dropped_total{reason="unlisted_names"}`, "0.0")
}

func TestReadingIsCounted(t *testing.T) {
	s := newSite(t, Options{LostBytesReasons: []string{"truncated", "deleted"}, RedactionKinds: []string{"token", "password"}, DroppedReasons: []string{"recent_events"}})
	const zeros = `bad_json not_utf8 too_long open read watch rename truncate deleted truncated event_codes exemplar muted unlisted_names`
	text := s.scrape()
	for _, value := range strings.Fields(zeros) {
		if !strings.Contains(text, fmt.Sprintf("=%q", value)) {
			t.Errorf("%s is not there from 0", value)
		}
	}
	s.source.AddLines(7)
	s.source.AddMatchedLines(2)
	s.source.AddReadBytes(1000)
	s.source.AddReadBytes(-5) // never goes down
	s.source.LineErrors(LineBadJSON, 1)
	s.source.SourceError(SourceWatch)
	s.source.SourceError("a reason that was forgotten")
	s.source.Rotation(RotationRename)
	s.source.LostBytes("truncated", 12)
	s.source.LostBytes("truncated", math.MinInt64)
	s.source.Dropped(DroppedEventCodes, 3)
	s.source.Dropped("recent_events", 2)
	s.table.Redacted("token", 2)
	s.table.Redacted("a kind that was forgotten", 1)
	text = s.scrape()
	wantSamples(t, text, "errcode_exporter_lines_total", `{source="app"} 7.0`)
	wantSamples(t, text, "errcode_exporter_lines_matched_total", `{source="app"} 2.0`)
	wantSamples(t, text, "errcode_exporter_read_bytes_total", `{source="app"} 1000.0`)
	wantSamples(t, text, "errcode_exporter_line_errors_total", `{reason="bad_json",source="app"} 1.0`)
	wantSamples(t, text, "errcode_exporter_source_errors_total", `{reason="watch",source="app"} 1.0`, `{reason="other",source="app"} 1.0`)
	wantSamples(t, text, "errcode_exporter_rotations_total", `{kind="rename",source="app"} 1.0`)
	wantSamples(t, text, "errcode_exporter_lost_bytes_total", `{reason="truncated",source="app"} 12.0`)
	wantSamples(t, text, "errcode_exporter_dropped_total", `{reason="event_codes"} 3.0`, `{reason="recent_events"} 2.0`)
	wantSamples(t, text, "errcode_exporter_redactions_total", `{kind="token"} 2.0`, `{kind="other"} 1.0`)
}
