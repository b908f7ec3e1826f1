package metrics

import (
	"strings"
	"testing"
	"time"
)

// countID counts an event of IS.4006 with IDs, on a series that has been shown.
func (s *site) countID(request, trace string) {
	s.source.Count(finding(s.t, s.table.plan.catalog, "IS.4006"), Occurrence{Time: s.now, RequestID: request, TraceID: trace})
}

func TestExemplarNamesTheRequest(t *testing.T) {
	id64, trace46 := strings.Repeat("a", 64), strings.Repeat("b", 46)
	f := func(request, trace, want, dropped string) {
		t.Helper()
		s := newSite(t, Options{})
		s.scrape()
		s.countID(request, trace)
		text := s.scrape()
		s.want(text, frozen, want)
		s.want(text, `errcode_exporter_dropped_total{reason="exemplar"}`, dropped)
	}
	f("req-1", "", `1.0 # {request_id="req-1"} 1.0 1.7e+09`, "0.0")
	f("req-1", "0af7651916cd43dd", `1.0 # {request_id="req-1",trace_id="0af7651916cd43dd"} 1.0 1.7e+09`, "0.0")
	f("", "0af7651916cd43dd", `1.0 # {trace_id="0af7651916cd43dd"} 1.0 1.7e+09`, "0.0")
	f("A.b:c_D-9", "", `1.0 # {request_id="A.b:c_D-9"} 1.0 1.7e+09`, "0.0")
	f("", "", "1.0", "0.0")

	// 10 + 64 + 8 + 46 = 128 characters fit, 129 do not.
	f(id64, trace46, `1.0 # {request_id="`+id64+`",trace_id="`+trace46+`"} 1.0 1.7e+09`, "0.0")
	f(id64, trace46+"b", `1.0 # {request_id="`+id64+`"} 1.0 1.7e+09`, "1.0")
	f(id64+"a", "t", `1.0 # {trace_id="t"} 1.0 1.7e+09`, "1.0")

	// What may not be shown is left out, and nothing breaks.
	for _, hostile := range []string{
		"a b", `a"b`, "a\nb", `a\b`, "a\x00b", "\xff\xfe", "请求", "a}b", "<script>", "{}", `"} 1 # {x="`, strings.Repeat("x", 1<<20), " ",
	} {
		f(hostile, "", "1.0", "1.0")
		f(hostile, hostile, "1.0", "2.0")
		f("req-1", hostile, `1.0 # {request_id="req-1"} 1.0 1.7e+09`, "1.0")
	}
}

func TestExemplarWaitsForItsEvent(t *testing.T) {
	s := newSite(t, Options{})
	s.countID("req-1", "")
	s.want(s.curl(), frozen, `1.0 # {request_id="req-1"} 1.0 1.7e+09`)
	s.want(s.scrape(), frozen, "0.0")
	s.want(s.scrape(), frozen, `1.0 # {request_id="req-1"} 1.0 1.7e+09`)
}

func TestExemplarOfHistoryWaitsForWhatCameLater(t *testing.T) {
	s := newSite(t, Options{})
	s.source.Count(finding(t, s.table.plan.catalog, "IS.4006"), Occurrence{Time: s.now, RequestID: "old", History: true})
	s.want(s.scrape(), frozen, `1.0 # {request_id="old"} 1.0 1.7e+09`)

	s = newSite(t, Options{})
	s.source.Count(finding(t, s.table.plan.catalog, "IS.4006"), Occurrence{Time: s.now, RequestID: "old", History: true})
	s.countID("new", "")
	s.want(s.scrape(), frozen, "1.0")
	s.want(s.scrape(), frozen, `2.0 # {request_id="new"} 1.0 1.7e+09`)
}

func TestExemplarIsThatOfTheLatestEventWithAnID(t *testing.T) {
	s := newSite(t, Options{})
	s.scrape()
	s.countID("first", "")
	s.countID("", "")
	s.want(s.scrape(), frozen, `2.0 # {request_id="first"} 1.0 1.7e+09`)
	s.now = s.now.Add(1500 * time.Millisecond)
	s.countID("first", "")
	s.want(s.scrape(), frozen, `3.0 # {request_id="first"} 1.0 1.7000000015e+09`)
	s.countID("second", "")
	s.now = s.now.Add(-time.Second)
	s.countID("older", "")
	s.want(s.scrape(), frozen, `5.0 # {request_id="second"} 1.0 1.7000000015e+09`)
}

func TestExemplarsCanBeLeftOut(t *testing.T) {
	s := newSite(t, Options{})
	s.handler = s.table.Handler(HandlerOptions{NoExemplars: true})
	s.countID("req-1", "")
	s.want(s.curl(), frozen, "1.0")
}

func TestExemplarsAreLeftOutOfPlainText(t *testing.T) {
	s := newSite(t, Options{})
	s.countID("req-1", "")
	s.want(s.serve(request("Accept", "text/plain")), frozen, "1")
}
