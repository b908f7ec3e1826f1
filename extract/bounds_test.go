package extract

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// findings runs a file through a stream and returns the codes, in order, and what was counted on the way.
func findings(t *testing.T, o Options, file string) ([]string, Stats) {
	t.Helper()
	x, err := New(loadCatalog(t), o)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	s := x.NewStream(func(e *Event) {
		for _, f := range e.Findings {
			names = append(names, f.Name)
		}
	})
	s.Block(Block{Data: []byte(file)})
	s.End()
	return names, s.TakeStats()
}

func TestBlockWithoutCandidateAllocatesNothing(t *testing.T) {
	x, err := New(loadCatalog(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := x.NewStream(func(e *Event) { t.Errorf("%+v", e) })
	data := block(0)
	if n := testing.AllocsPerRun(20, func() { s.Block(Block{Data: data}) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func TestDeepJSONIsTakenAsText(t *testing.T) {
	deep := strings.Repeat(`{"a":[`, 10000) + `"IS.4006"` + strings.Repeat("]}", 10000)
	if got, _ := findings(t, Options{}, deep); strings.Join(got, " ") != "IS.4006" {
		t.Errorf("%v", got)
	}
}

func TestLineThatIsAllBracketsCostsNoStack(t *testing.T) {
	brackets := strings.Repeat("[", 1<<20) + "IS.4006"
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if got, _ := findings(t, Options{}, brackets); len(got) != 1 {
		t.Errorf("%v", got)
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.StackSys) - int64(before.StackSys); grown > 8<<20 {
		t.Errorf("stacks grew by %d bytes", grown)
	}
}

func TestEventOfManyCodesIsBounded(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, " ModelArts.%d", 10000+i)
	}
	got, stats := findings(t, Options{}, b.String())
	if len(got) != 1024 || stats.Dropped == 0 {
		t.Errorf("%d codes, %d dropped", len(got), stats.Dropped)
	}
	got, stats = findings(t, Options{}, "x"+strings.ReplaceAll(b.String(), " ", "\n "))
	if len(got) != 1024 || stats.Dropped != 3000-1024 {
		t.Errorf("over lines: %d codes, %d dropped", len(got), stats.Dropped)
	}
}

func TestRecordIsJoinedUpToTheBound(t *testing.T) {
	const head = "2026-11-23T10:00:00Z stdout "
	file := head + "P " + strings.Repeat("x", 90) + " IS.0001 \n" + head + "P  " + strings.Repeat("x", 90) + "\n" + head + "F  IS.0003\n" + head + "F IS.0004\n"
	got, stats := findings(t, Options{MaxRecord: 120}, file)
	if strings.Join(got, " ") != "IS.0001 IS.0004" || stats.TooLong != 1 {
		t.Errorf("%v, %d too long", got, stats.TooLong)
	}
}

func TestWhatIsWrongWithALineIsCounted(t *testing.T) {
	_, stats := findings(t, Options{}, "IS.0001 \xff\n{\"error_code\":\"IS.0002\n{'error_code':'IS.0003'}\n\xff no candidate\n")
	if stats.NotUTF8 != 1 || stats.BadJSON != 1 || stats.Lines != 4 || stats.Matched != 3 {
		t.Errorf("%+v", stats)
	}
	x, _ := New(loadCatalog(t), Options{})
	s := x.NewStream(func(*Event) {})
	s.Block(Block{Data: []byte("IS.0001\ncut off"), TooLong: true})
	if stats := s.TakeStats(); stats.TooLong != 1 || stats.Lines != 2 {
		t.Errorf("%+v", stats)
	}
}

func TestCodeWaitsForTheCauseThatDecidesItsCategory(t *testing.T) {
	x, err := New(loadCatalog(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	s := x.NewStream(func(e *Event) {
		for _, f := range e.Findings {
			got = append(got, f.Name+" "+x.cat.Meaning(f).Category)
		}
	})
	offset := 0
	expect := func(text string, want ...string) {
		t.Helper()
		got = nil
		if text == "" {
			s.Idle()
		} else {
			s.Block(Block{Data: []byte(text), Offset: int64(offset)})
			offset += len(text)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("after %q: %q, want %q", text, got, want)
		}
	}
	expect("{\n")
	expect("  \"error_code\": \"APIG.0201\",\n") // the message may follow
	expect("  \"error_msg\": \"Backend timeout.\"\n", "APIG.0201 check_service")
	expect("}\n")
	expect("ERROR APIG.0201 IS.0001\n", "IS.0001 fix_request")
	expect("ERROR something else\n", "APIG.0201 fix_request")
	expect("ERROR APIG.0201\n")
	expect("", "APIG.0201 fix_request") // nothing followed for a moment
	expect("  Backend timeout\n")
	expect("ERROR APIG.0301 IS.0002\n", "APIG.0301 renew_credentials", "IS.0002 fix_request") // no cause changes its category
	expect("ERROR APIG.0201 Backend unavailable\n", "APIG.0201 check_service")
}

func TestTimeOfTheLine(t *testing.T) {
	f := func(line, want string) {
		t.Helper()
		x, err := New(loadCatalog(t), Options{})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		s := x.NewStream(func(e *Event) {
			if !e.Time.IsZero() {
				got = e.Time.UTC().Format("2006-01-02T15:04:05.999")
			}
		})
		s.Block(Block{Data: []byte(line)})
		s.End()
		if got != want {
			t.Errorf("%q is of %q, want %q", line, got, want)
		}
	}
	f("2026-11-23T10:00:00.250Z stdout F 1999-01-01 00:00:00 IS.0001\n", "2026-11-23T10:00:00.25")
	f(`{"log":"IS.0001\n","stream":"stdout","time":"2026-11-23T10:00:00Z"}`+"\n", "2026-11-23T10:00:00")
	f(`{"ts":1763892000.5,"code":"IS.0001"}`+"\n", "2025-11-23T10:00:00.5")
	f(`{"ts":1763892000500,"code":"IS.0001"}`+"\n", "2025-11-23T10:00:00.5")
	f(`{"@timestamp":"2026-11-23T10:00:00+08:00","code":"IS.0001"}`+"\n", "2026-11-23T02:00:00")
	f("[2026-11-23 10:00:00,250 +0800] ERROR IS.0001\n", "2026-11-23T02:00:00.25")
	f("2026/11/23 10:00:00Z IS.0001\n", "2026-11-23T10:00:00")
	f("2026-11-23 10:00:00Z ERROR\n  IS.0001\n", "2026-11-23T10:00:00")
	f("2026-13-23 10:00:00Z IS.0001\n", "")
	f("IS.0001 no time\n", "")
}

func TestOptionsAreChecked(t *testing.T) {
	for _, o := range []Options{{Format: "json"}, {Match: "some"}, {Paths: []string{"a.@reverse"}}, {Paths: []string{""}}} {
		if _, err := New(loadCatalog(t), o); err == nil {
			t.Errorf("%+v was accepted", o)
		}
	}
}

func TestLinesAreCountedAcrossBlocks(t *testing.T) {
	x, err := New(loadCatalog(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	var lines []int64
	s := x.NewStream(func(e *Event) { lines = append(lines, e.Line) })
	file := bytes.Repeat([]byte("a\nb IS.0001\n"), 3)
	for i := 0; i < len(file); i += 12 {
		s.Block(Block{Data: file[i : i+12], Offset: int64(i)})
	}
	if fmt.Sprint(lines) != "[2 4 6]" || s.TakeStats().Lines != 6 {
		t.Errorf("%v", lines)
	}
}
