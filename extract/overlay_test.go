package extract

import (
	"bytes"
	"strings"
	"testing"

	"errcode_exporter/catalog"
)

func mutedIn(cat *catalog.Catalog) func(code string) bool {
	return func(name string) bool {
		code, ok := cat.Lookup(name)
		return ok && code.Muted
	}
}

func loadOverlay(t testing.TB, o catalog.Overlay) *catalog.Catalog {
	t.Helper()
	cat, err := catalog.Load(o)
	if err != nil {
		t.Fatal(err)
	}
	return cat
}

// Muted codes are not there at all: not in an event, not as its beginning, and not as what it was looked through for.
func TestMutedCodesAreNotNamed(t *testing.T) {
	cat := loadOverlay(t, catalog.Overlay{Codes: []catalog.CodeOverlay{{Code: "IS.4006", Mute: true}, {Code: "APIG.0301", Mute: true}, {Code: "IS.9999", Mute: true}}})
	for _, file := range corpusFiles(t) {
		compare(t, cat, file, Auto, Anywhere, 1, 50)
	}
	file := []byte("ERROR IS.4006 and IS.4006 and IS.0001\nERROR IS.4006\n\tIS.9999 APIG.0301\nERROR IS.0002\n")
	compare(t, cat, file, Raw, Anywhere)
	x, err := New(cat, Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := x.NewStream(func(*Event) {})
	s.Block(Block{Data: file})
	if got := s.TakeStats(); got.Muted != 4 || got.Matched != 2 {
		t.Errorf("%d muted codes in %d records that name others, want 4 in 2", got.Muted, got.Matched)
	}
}

// A code that was muted while it waited for the rest of its event is not reported.
func TestMutedWhileItWaits(t *testing.T) {
	x, err := New(loadCatalog(t), Options{})
	if err != nil {
		t.Fatal(err)
	}
	s := x.NewStream(func(e *Event) { t.Errorf("too early: %v", e.Findings) })
	s.Block(Block{Data: []byte("ERROR APIG.0201\n")})
	state, err := s.State()
	if err != nil {
		t.Fatal(err)
	}
	f := func(cat *catalog.Catalog, want int) {
		t.Helper()
		x, err := New(cat, Options{})
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		s := x.NewStream(func(e *Event) { n += len(e.Findings) })
		if err := s.Restore(state); err != nil {
			t.Fatal(err)
		}
		s.Idle()
		if n != want {
			t.Errorf("%d codes, want %d", n, want)
		}
	}
	f(loadCatalog(t), 1)
	f(loadOverlay(t, catalog.Overlay{Codes: []catalog.CodeOverlay{{Code: "APIG.0201", Mute: true}}}), 0)
}

// A family that an overlay adds is found in the same places as the embedded ones: with its prefix instead of one of theirs that is as
// long and has as many digits, nothing else changes.
func TestAddedFamiliesAreFoundLikeTheOthers(t *testing.T) {
	cat := loadOverlay(t, catalog.Overlay{Families: []catalog.FamilyOverlay{
		{Name: "ZZ", Prefixes: []string{"ZZ"}, Digits: catalog.Digits{Min: 4, Max: 4}},
		{Name: "Ecs", Prefixes: []string{"ZodelArtz"}, Digits: catalog.Digits{Min: 4, Max: 8}},
	}})
	there := strings.NewReplacer("IS.", "ZZ.", "ModelArts.", "ZodelArtz.")
	back := strings.NewReplacer("ZZ.", "IS.", "ZodelArtz.", "ModelArts.")
	x, err := New(cat, Options{})
	if err != nil {
		t.Fatal(err)
	}
	codes := 0
	for _, file := range corpusFiles(t) {
		if bytes.Contains(file, []byte("ZZ")) {
			continue
		}
		want := fast(x, file, 0).list()
		got := fast(x, []byte(there.Replace(string(file))), 0).list()
		for i := range got {
			for j, code := range got[i].Codes {
				got[i].Codes[j] = back.Replace(code)
			}
		}
		if !same(got, want, true) {
			t.Errorf("%q\nnames %v\nwant %v", file, got, want)
		}
		for _, e := range got {
			codes += len(e.Codes)
		}
	}
	if codes < 200 {
		t.Errorf("only %d codes were looked at", codes)
	}
}

func TestFamiliesThatEndAlike(t *testing.T) {
	cat := loadOverlay(t, catalog.Overlay{Families: []catalog.FamilyOverlay{
		{Name: "AIS", Digits: catalog.Digits{Min: 4, Max: 4}},
		{Name: "MMS", Digits: catalog.Digits{Min: 4, Max: 12}},
	}})
	x, err := New(cat, Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := func(text string, want ...string) {
		t.Helper()
		var got []string
		s := x.NewStream(func(e *Event) {
			for _, f := range e.Findings {
				got = append(got, f.Family+":"+f.Name)
			}
		})
		s.Block(Block{Data: []byte(text + "\n")})
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	f("AIS.0104 IS.0104", "AIS:AIS.0104", "IS:IS.0104")
	f("THAIS.0104 AAIS.0104 THIS.0104")
	f("MMS.1234 MMS.123456789012 MMS.1234567890123", "MMS:MMS.1234", "MMS:MMS.123456789012")
	f("MMS.0000 MMS.000000")
}
