package logs

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"regexp"
	"strings"
	"testing"

	"errcode_exporter/extract/slow"
)

const small = 100_000

func generate(t *testing.T, o Options) (string, Truth) {
	t.Helper()
	var b bytes.Buffer
	truth, err := Write(&b, o)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), truth
}

// each runs f for logs of every shape and of every part of lines that name codes.
func each(t *testing.T, f func(t *testing.T, o Options)) {
	for _, shape := range Shapes() {
		for _, percent := range []float64{0, 1, 20, 100} {
			o := Options{Shape: shape, Percent: percent, Bytes: small, Seed: 7}
			t.Run(fmt.Sprintf("%s/%v", shape, percent), func(t *testing.T) { f(t, o) })
		}
	}
}

func TestTheSameSeedGivesTheSameBytes(t *testing.T) {
	each(t, func(t *testing.T, o Options) {
		one, truth := generate(t, o)
		two, again := generate(t, o)
		if one != two || !maps.Equal(truth.Codes, again.Codes) {
			t.Error("two logs of one seed differ")
		}
		o.Seed++
		if other, _ := generate(t, o); other == one {
			t.Error("another seed makes the same log")
		}
	})
}

// The slow extractor, which reads the documentation word for word, is asked whether the truth is true.
func TestTheTruthIsTrue(t *testing.T) {
	word, loose := regexp.MustCompile(Pattern), regexp.MustCompile(Loose)
	each(t, func(t *testing.T, o Options) {
		log, truth := generate(t, o)
		counts := map[string]int64{}
		for _, e := range slow.Extract([]byte(log), slow.Options{}) {
			for _, code := range e.Codes {
				counts[code]++
			}
		}
		if !maps.Equal(counts, truth.Codes) {
			t.Errorf("the slow extractor counts %v, the truth is %v", counts, truth.Codes)
		}
		matched, lookalikes, lines := int64(0), int64(0), int64(0)
		found := map[string]int64{}
		for line := range strings.Lines(log) {
			lines++
			if loose.MatchString(line) && !word.MatchString(line) {
				lookalikes++
			}
			if all := word.FindAllString(line, -1); all != nil {
				matched++
				for _, code := range all {
					found[code]++
				}
			}
		}
		if lines != truth.Lines || int64(len(log)) != truth.Bytes || matched != truth.Matched || lookalikes != truth.Lookalikes {
			t.Errorf("%d lines of %d bytes, of which %d name a code; the truth says %+v", lines, len(log), matched, truth)
		}
		if !maps.Equal(found, truth.Codes) {
			t.Errorf("Pattern finds %v, the truth is %v", found, truth.Codes)
		}
	})
}

func TestPercentIsKept(t *testing.T) {
	each(t, func(t *testing.T, o Options) {
		_, truth := generate(t, o)
		want := o.Percent / 100 * float64(truth.Lines)
		if off := float64(truth.Matched) - want; off < -0.002*float64(truth.Lines)-2 || off > 2 {
			t.Errorf("%d of %d lines name a code, want %v %%", truth.Matched, truth.Lines, o.Percent)
		}
	})
}

func TestLinesAreAsLongAsRealOnes(t *testing.T) {
	const wrapping = len("2026-03-02T07:00:00.123456789Z stdout F ")
	each(t, func(t *testing.T, o Options) {
		log, truth := generate(t, o)
		if mean := truth.Bytes / truth.Lines; mean < 120 || mean > 300 {
			t.Errorf("lines have %d bytes on average", mean)
		}
		for line := range strings.Lines(log) {
			if n := len(line); n < 60 || n > 600+wrapping {
				t.Errorf("a line of %d bytes: %s", n, line)
			}
		}
	})
}

func TestWriteRefusesWhatCannotBe(t *testing.T) {
	f := func(o Options, want string) {
		t.Helper()
		if _, err := Write(io.Discard, o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v, want one about %q", o, err, want)
		}
	}
	f(Options{Shape: "xml"}, "xml")
	f(Options{Shape: JSON, Percent: 101}, "101 %")
}

func TestAdd(t *testing.T) {
	_, a := generate(t, Options{Shape: JSON, Percent: 20, Bytes: small, Seed: 1})
	_, b := generate(t, Options{Shape: Text, Percent: 20, Bytes: small, Seed: 2})
	var sum Truth
	sum.Add(a)
	sum.Add(b)
	if sum.Lines != a.Lines+b.Lines || sum.Bytes != a.Bytes+b.Bytes || sum.Matched != a.Matched+b.Matched || sum.Lookalikes != a.Lookalikes+b.Lookalikes {
		t.Errorf("%+v and %+v make %+v", a, b, sum)
	}
	for code, n := range sum.Codes {
		if n != a.Codes[code]+b.Codes[code] {
			t.Errorf("%s: %d and %d make %d", code, a.Codes[code], b.Codes[code], n)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	for _, shape := range Shapes() {
		b.Run(string(shape), func(b *testing.B) {
			const size = 8 << 20
			b.SetBytes(size)
			for b.Loop() {
				if _, err := Write(io.Discard, Options{Shape: shape, Percent: 1, Bytes: size, Seed: 1}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
