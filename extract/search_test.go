package extract

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"errcode_exporter/catalog"
)

// obvious finds the candidates dot by dot.
func obvious(s *shape, b []byte) (dots []int) {
	for i, c := range b {
		if c == '.' && isCandidate(b, i) && slices.ContainsFunc(s.prefixes, func(p prefix) bool { return bytes.HasSuffix(b[:i], p.text) }) {
			dots = append(dots, i)
		}
	}
	return dots
}

func found(s *shape, b []byte, words bool) (dots []int) {
	var f search
	f.reset(s, b)
	f.words = f.words || words
	for dot := f.from(0); dot < len(b); dot = f.from(dot + 1) {
		dots = append(dots, dot)
	}
	return dots
}

// shapesOfFamilies are the catalog's, and others whose prefixes have letters in common, or many.
func shapesOfFamilies(t testing.TB) []*shape {
	t.Helper()
	of := func(prefixes ...string) *shape {
		f := catalog.Family{Name: "F"}
		for _, p := range prefixes {
			f.Spellings = append(f.Spellings, catalog.Spelling{Prefix: p, MinDigits: 4, MaxDigits: 5})
		}
		return newShape([]catalog.Family{f})
	}
	return []*shape{newShape(loadCatalog(t).Families()), of("A"), of("IS", "AIS", "SI", "ISI"), of("aa", "aab", "aaa"), of("Q", "Z", "X", "K", "IS")}
}

func checkSearch(t *testing.T, s *shape, text []byte) {
	t.Helper()
	want := obvious(s, text)
	for _, words := range []bool{false, true} {
		if got := found(s, text, words); !slices.Equal(got, want) {
			t.Fatalf("%q, by words %v: %d, want %d", text, words, got, want)
		}
	}
}

func TestSearchFindsEveryCandidate(t *testing.T) {
	for _, s := range shapesOfFamilies(t) {
		for _, text := range []string{
			"", ".", "IS.0001", "IS.000", "xIS.00012 APIG.0301APIGW.0301.ModelArts.41010", "AIS.0001 ISI.0001 SI.0001", "aaaa.0001aab.0001", "Q.1234Z.1234X.1234K.1234", "I.0001 IIS.0001",
		} {
			checkSearch(t, s, []byte(text))
			for pad := range 70 {
				checkSearch(t, s, []byte(strings.Repeat("x.1", pad)+text+strings.Repeat(" ", pad)))
			}
		}
		checkSearch(t, s, []byte(strings.Repeat("THIS IS A MIGHTY SHOUT, IS.0001 SAID APIG.0301. ", 100)+"ModelArts.4101"))
	}
}

func FuzzSearch(f *testing.F) {
	f.Add([]byte("IS.0001 APIG.0301 APIGW.0301 ModelArts.4101"))
	f.Add([]byte(strings.Repeat("I", 300) + "S.0001"))
	all := shapesOfFamilies(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, s := range all {
			checkSearch(t, s, text)
		}
		if got, want := lastLine(text), bytes.LastIndexByte(text, '\n')+1; got != want {
			t.Fatalf("%q: the last line begins at %d, want %d", text, got, want)
		}
	})
}
