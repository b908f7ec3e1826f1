package extract

import (
	"bytes"
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// interrupted runs a file line by line and puts a new stream, restored from the state of the old one, in its place after
// each of them.
func interrupted(t *rapid.T, x *Extractor, file []byte) []seen {
	c := newCollector()
	s := x.NewStream(c.add)
	at := 0
	for _, line := range bytes.SplitAfter(file, []byte("\n")) {
		s.Block(Block{Data: bytes.Clone(line), Offset: int64(at)})
		at += len(line)
		state, err := s.State()
		if err != nil {
			t.Fatal(err)
		}
		s = x.NewStream(c.add)
		if err := s.Restore(state); err != nil {
			t.Fatal(err)
		}
	}
	s.End()
	return c.list()
}

func TestStreamGoesOnFromItsState(t *testing.T) {
	cat := loadCatalog(t)
	for _, format := range []Format{Raw, CRI, Docker} {
		t.Run(string(format), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				file := drawFile(rt, format)
				x, err := New(cat, Options{})
				if err != nil {
					rt.Fatal(err)
				}
				want := fast(x, file, 1).list()
				if got := interrupted(rt, x, file); fmt.Sprint(got) != fmt.Sprint(want) {
					rt.Fatalf("interrupted %v\nwithout     %v\nfile %q", got, want, shorten(file))
				}
			})
		})
	}
}

func TestGarbledStateIsRefused(t *testing.T) {
	x, err := New(loadCatalog(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range []string{"", "{", `{"streams":[{"id":3}]}`, `[]`} {
		if err := x.NewStream(func(*Event) {}).Restore([]byte(state)); err == nil {
			t.Errorf("%q was accepted", state)
		}
	}
}
