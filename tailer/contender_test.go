package tailer

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"testing"
)

// contents returns n logs that begin alike, as logs of one minute do.
func contents(n, lines int) [][]byte {
	all := make([][]byte, n)
	for i := range all {
		var b bytes.Buffer
		for k := range lines {
			fmt.Fprintf(&b, "2026-11-23T10:00:00.000Z level=error line=%d of=%d msg=%q\n", k, i, "something was not as it should be")
		}
		all[i] = b.Bytes()
	}
	return all
}

func known(all [][]byte) []contender {
	known := make([]contender, len(all))
	for i, text := range all {
		var t trail
		for part := range bytes.Lines(text) {
			t.add(part)
		}
		known[i] = contender{over: &reached{trail: t}, size: t.offset, end: t.offset, known: t.sections()}
	}
	return known
}

// A content is told from many that begin like it, however it is cut into blocks, and from what is shorter or longer.
func TestLookup(t *testing.T) {
	all := contents(50, 100)
	f := func(text []byte, want int, accounted bool) {
		t.Helper()
		l := lookup{known: known(all)}
		l.init()
		for at := 0; at < len(text); {
			n := min(1+rand.IntN(3000), len(text)-at)
			l.add(text[at:at+n], int64(at))
			at += n
		}
		switch m := l.decide(int64(len(text))); {
		case want < 0 && (m.over != nil || m.accounted):
			t.Errorf("it is taken for %q", m.of)
		case want >= 0 && (m.over != l.known[want].over && m.over != nil || m.accounted != accounted || m.over == nil && !accounted):
			t.Errorf("want content %d, accounted %v, got %+v", want, accounted, m)
		}
	}
	for i, text := range all {
		f(text, i, true)
		f(text[:len(text)/2], i, true)                               // compressed early
		f(append(bytes.Clone(text), "one more line\n"...), i, false) // and written late
	}
	f(bytes.Replace(all[7], []byte("line=99"), []byte("line=98"), 1), -1, false)
	f(contents(51, 100)[50], -1, false)
}

// BenchmarkLookup holds one content against 700.
func BenchmarkLookup(b *testing.B) {
	all := contents(700, 100)
	known := known(all)
	b.ReportAllocs()
	for b.Loop() {
		l := lookup{known: known}
		l.init()
		l.add(all[350], 0)
		if !l.decide(int64(len(all[350]))).accounted {
			b.Fatal("not known")
		}
	}
}
