package slow_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"errcode_exporter/extract/slow"
)

func TestEventLooksBack64KiB(t *testing.T) {
	f := func(distance int, want int64) {
		t.Helper()
		file := "begins\n" + strings.Repeat(" ", distance-8) + "\n IS.0001\n"
		got := slow.Extract([]byte(file), slow.Options{})
		if len(got) != 1 || got[0].Start != want {
			t.Errorf("distance %d: got %+v, want start %d", distance, got, want)
		}
	}
	f(100, 0)
	f(64<<10, 0)
	f(64<<10+1, 64<<10+1)
}

func TestLinesThatNameACodeHoldALongEventTogether(t *testing.T) {
	line := " IS.0001" + strings.Repeat(" x", 20<<10) + "\n"
	got := slow.Extract([]byte("IS.0002\n"+strings.Repeat(line, 5)), slow.Options{})
	if len(got) != 1 || !slices.Equal(got[0].Codes, []string{"IS.0002", "IS.0001"}) {
		t.Errorf("got %d events", len(got))
	}
}

func TestAnEventHoldsAtMost1024Codes(t *testing.T) {
	var file strings.Builder
	for i := range 1500 {
		fmt.Fprintf(&file, " IS.%04d\n", i+1)
	}
	got := slow.Extract([]byte(file.String()), slow.Options{})
	if len(got) != 1 || len(got[0].Codes) != 1024 || got[0].Codes[1023] != "IS.1024" || len(got[0].Causes) != 1024 {
		t.Errorf("got %d events", len(got))
	}
}

func TestCauses(t *testing.T) {
	causes := map[string][]string{"APIG.0301": {"decrypt token fail", "token expires", "verify aksk signature fail"}}
	f := func(file string, codes, want []string) {
		t.Helper()
		got := slow.Extract([]byte(file), slow.Options{Causes: causes})
		if len(got) != 1 || !slices.Equal(got[0].Codes, codes) || !slices.Equal(got[0].Causes, want) {
			t.Errorf("%q: got %+v, want %q", file, got, want)
		}
	}
	one := []string{"APIG.0301"}
	f("APIG.0301", one, []string{""})
	f("APIG.0301: Decrypt Token Fail", one, []string{"decrypt token fail"})
	f("APIG.0301\n  token expires", one, []string{"token expires"})
	f("token expires\n  APIG.0301", one, []string{"token expires"})
	f("token expires\n  APIG.0301 verify aksk signature fail", one, []string{"verify aksk signature fail"})
	f("APIG.0301\n decrypt token fail\nAPIG.03011: token expires", one, []string{"decrypt token fail"})
	f("APIG.0301\nnext: token expires", one, []string{""})
	f("IS.0001 token expires\n APIG.0301", []string{"IS.0001", "APIG.0301"}, []string{"", "token expires"})
	f("token expires, decrypt token fail: APIG.0301", one, []string{"decrypt token fail"})
}

func TestIgnoredCodesAreNotNamed(t *testing.T) {
	o := slow.Options{Ignore: func(code string) bool { return code == "IS.0001" }}
	got := slow.Extract([]byte("IS.0001\nIS.0002 IS.0001\n"), o)
	want := []slow.Event{{Start: 8, Line: 2, Codes: []string{"IS.0002"}, Causes: []string{""}}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v", got)
	}
}

func TestEventsStandWhereTheirFirstRecordNamesACode(t *testing.T) {
	const at = "2024-03-05T09:12:44Z "
	got := slow.Extract([]byte(at+"stderr P IS.\n"+at+"stdout F begins\n"+at+"stdout F  IS.0002\n"+at+"stderr F 0001\n"), slow.Options{})
	if len(got) != 2 || got[0].Line != 1 || got[0].Codes[0] != "IS.0001" || got[1].Line != 2 || got[1].Codes[0] != "IS.0002" {
		t.Errorf("got %+v", got)
	}
}

func TestRecords(t *testing.T) {
	f := func(file, format string, want ...slow.Record) {
		t.Helper()
		if got := slow.Records([]byte(file), format); !slices.Equal(got, want) {
			t.Errorf("%q: got %+v, want %+v", file, got, want)
		}
	}
	const o, e = "2024-03-05T09:12:44.1Z stdout ", "2024-03-05T09:12:44.1Z stderr "
	f("", "auto")
	f("a\r\n\nb", "auto", slow.Record{Line: 1, Text: "a"}, slow.Record{Start: 3, Line: 2}, slow.Record{Start: 4, Line: 3, Text: "b"})
	f("a\r\r\n", "raw", slow.Record{Line: 1, Text: "a\r"})
	f(o+"P a\n"+e+"F x\n"+o+"F b\n", "auto", slow.Record{Line: 1, Stream: "stdout", Text: "ab"},
		slow.Record{Start: int64(len(o)) + 4, Line: 2, Stream: "stderr", Text: "x"})
	f("x\n", "cri", slow.Record{Line: 1, Text: "x", Alone: true})
	f(o+"P x", "raw", slow.Record{Line: 1, Text: o + "P x"})
	f("x\n"+e+"F y", "auto", slow.Record{Line: 1, Text: "x"}, slow.Record{Start: 2, Line: 2, Text: "y"})
	f(`{"log":"a\r\n","stream":"stderr","time":"t"}`, "auto", slow.Record{Line: 1, Stream: "stderr", Text: "a"})
	f(`{"log":"a","stream":"stderr","time":"t"}`, "docker", slow.Record{Line: 1, Stream: "stderr", Text: "a"})
}

func TestCodesInNestedJSON(t *testing.T) {
	f := func(times int, want ...string) {
		t.Helper()
		text := `{"IS.0001":"` + `\tIS.0002"}` // the key counts only where the text is not decoded
		for range times {
			b, err := json.Marshal([]string{text})
			if err != nil {
				t.Fatal(err)
			}
			text = string(b)
		}
		if got := slow.Codes(text, "anywhere"); !slices.Equal(got, want) {
			t.Errorf("%d times: got %q, want %q", times, got, want)
		}
	}
	f(0, "IS.0002")
	f(1, "IS.0002")
	f(8, "IS.0002")
	f(9, "IS.0001", "IS.0002")
}

func TestTokens(t *testing.T) {
	f := func(text string, want ...string) {
		t.Helper()
		if got := slow.Tokens(text); !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	f("")
	f("IS.0001", "IS.0001")
	f("IS.0001 IS.0001 APIGW.0101", "IS.0001", "IS.0001", "APIGW.0101")
	f("IS.0001. IS.0002.png IS.0003.", "IS.0001", "IS.0003")
	f("ModelArts.123 ModelArts.1234 ModelArts.12345678 ModelArts.123456789", "ModelArts.1234", "ModelArts.12345678")
	f("APIG.0000 IS.0000 ModelArts.00000 APIG.0001", "APIG.0001")
	f("错误码IS.0001，AIS.0104 THIS.4006 v1.IS.0001 IS.40067 IS.4006_", "IS.0001")
	f("\xffIS.0001\xff", "IS.0001")
}

func TestClean(t *testing.T) {
	f := func(text, want string) {
		t.Helper()
		if got := slow.Clean(text); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
	f("plain \xff text", "plain \xff text")
	f("a\x1b[1;31mb\x1b[0mc\x1b[Kd\x1b[me", "abcde")
	f(`a\u001b[31mb\x1b[0mc\033[1md\e[0me#033[0mf`, "abcdef")
	f(`a\\x1b[31mb`, "ab")
	f("a\x1b[2Ab", "a\x1b[2Ab")
	f(`a\nb\\tc\\\\rd`, "a b c d")
	f(`\u003cb\U0000003e\x22\042\0z`, `<b>"" z`)
	f(`\u7801\xe7\344\UFFFFFFFF`, "    ")
	f(`\u005cn \d \u12 \08`, `\n \d \u12  8`)
}

func TestContinuesAndHeader(t *testing.T) {
	f := func(text string, continues, header bool) {
		t.Helper()
		if slow.Continues(text) != continues || slow.Header(text) != header {
			t.Errorf("%q: continues %t, header %t", text, slow.Continues(text), slow.Header(text))
		}
	}
	for _, text := range []string{"", " x", "\tx", "\vx", "\fx", "\rx", "}", "]", ")", "at x", "... 3", "Caused by: x", "\x1b[1m\x1b[0m at"} {
		f(text, true, false)
	}
	for _, text := range []string{"x", "{", "[", "(", "atx", "...3", "Caused by x", "\u3000x", "Exception: x", "a.b.Failure: x", "a.bException", "a.BException x"} {
		f(text, false, false)
	}
	for _, text := range []string{"a.BException", "a.b.c.BException: x", "java.lang.Error", "a.Throwable:", "\x1b[31ma.B$CException: x"} {
		f(text, false, true)
	}
}

func TestIDs(t *testing.T) {
	const hex = "0123456789abcdef0123456789abcdef"
	f := func(text, request, trace string) {
		t.Helper()
		if got := slow.RequestID(text); got != request {
			t.Errorf("%q: request ID %q, want %q", text, got, request)
		}
		if got := slow.TraceID(text); got != trace {
			t.Errorf("%q: trace ID %q, want %q", text, got, trace)
		}
	}
	f("", "", "")
	f("request_id=A-1", "A-1", "")
	f(`X-Request-Id: a, traceId: b`, "a", "b")
	f(`{\"apigRequestId\":\"a\",\"x_trace-id\":\"b\"}`, "a", "b")
	f("[request id] => a. [trace id] => b:", "a", "b")
	f("request_id=null request_id=- requestId='None' request_id=nil; request_id=a", "a", "")
	f("request_id="+strings.Repeat("x", 129)+" request_id="+strings.Repeat("y", 128), strings.Repeat("y", 128), "")
	f("traceparent: 00-"+hex+"-0123456789abcdef-01", "", hex)
	f("traceparent=00-"+hex+"-0123456789abcdef-01 trace_id=b", "", "b")
	f("traceparent=00-"+hex+"-0123-01 request_id", "", "")
	f("reque\u017ft_id=a", "", "")
}
