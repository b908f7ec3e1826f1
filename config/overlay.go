package config

import (
	"errors"
	"fmt"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"errcode_exporter/catalog"
	"errcode_exporter/extract"
)

// maxSample is how long the text of a sample may be, in bytes.
const maxSample = 64 << 10

func readOverlay(path string, data []byte) (*document, catalog.Overlay) {
	d := newDocument(path, data)
	o := catalog.Overlay{Name: filepath.Base(path)}
	if node := d.read(data); node != nil {
		d.decode(node, reflect.ValueOf(&o).Elem(), "", "")
		o.Name = filepath.Base(path)
	} else if len(d.problems) == 0 {
		d.report(place{1, 1}, "the file is empty: write families or codes, or leave it out of catalog.files")
	}
	return d, o
}

// checkOverlays notes in the documents what is wrong with the overlays that were read from them.
func checkOverlays(overlays []catalog.Overlay, docs []*document) {
	cat, err := catalog.Load(overlays...)
	var problems catalog.Problems
	if errors.As(err, &problems) {
		for _, p := range problems {
			// What is missing may be what could not be read.
			if d := docs[p.Overlay]; !d.isBroken(p.Path) {
				d.reportAt(p.Path, "%s", p.Text)
			}
		}
		return
	}
	if err != nil {
		panic("the embedded catalog: " + err.Error()) // a test loads it
	}
	if slices.ContainsFunc(docs, func(d *document) bool { return len(d.problems) > 0 }) {
		return
	}
	s := sampler{cat: cat}
	for i, o := range overlays {
		for j, c := range o.Codes {
			at := fmt.Sprintf("codes[%d]", j)
			code, _ := cat.Lookup(c.Code)
			s.check(docs[i], at, c.Samples, code)
		}
		for j, f := range o.Families {
			s.check(docs[i], fmt.Sprintf("families[%d]", j), f.Samples, nil)
		}
	}
}

// sampler holds samples against what the extractor finds in them.
type sampler struct {
	cat        *catalog.Catalog
	extractors map[string]*extract.Extractor // by match
}

// check runs the samples of an entry: of a code, or of a family if code is nil.
func (s *sampler) check(d *document, at string, samples []catalog.Sample, code *catalog.Code) {
	for i, sample := range samples {
		at := fmt.Sprintf("%s.samples[%d]", at, i)
		want := sample.Codes
		switch {
		case sample.Line == "":
			d.reportAt(at, "a sample without a line: add line, a piece of a log")
			continue
		case len(sample.Line) > maxSample:
			d.reportAt(at+".line", "the sample has more than %d KiB: keep what names the code", maxSample>>10)
			continue
		case want == nil && code == nil:
			d.reportAt(at, "the sample does not say which codes it names: write {line: ..., codes: [...]}, with [] for none")
			continue
		case want == nil && !code.Muted:
			want = []string{code.Name}
		case code != nil && code.Muted && slices.Contains(want, code.Name):
			d.reportAt(at+".codes", "%s is muted, so that no line names it: leave it out here, or leave out mute", code.Name)
			continue
		case code != nil && !code.Muted && len(want) > 0 && !slices.Contains(want, code.Name):
			d.reportAt(at+".codes", "the sample of %s does not expect %s: put it under the code that it is of, or expect it", code.Name, code.Name)
			continue
		}
		x, err := s.extractor(sample.Match)
		if err != nil {
			d.reportAt(at+".match", "%s", catalog.NotOneOf("match", sample.Match, []string{string(extract.Anywhere), string(extract.Fields)}))
			continue
		}
		if got := codesIn(x, sample.Line); !sameCodes(got, want) {
			d.reportAt(at, "the sample names %s, and %s is expected: correct the line, the codes, or the digits of the family", inList(got), inList(want))
		}
	}
}

func (s *sampler) extractor(match string) (*extract.Extractor, error) {
	if x, ok := s.extractors[match]; ok {
		return x, nil
	}
	x, err := extract.New(s.cat, extract.Options{Match: extract.Match(match)})
	if err != nil {
		return nil, err
	}
	if s.extractors == nil {
		s.extractors = map[string]*extract.Extractor{}
	}
	s.extractors[match] = x
	return x, nil
}

// codesIn returns the different codes that a piece of a log names.
func codesIn(x *extract.Extractor, text string) []string {
	var codes []string
	stream := x.NewStream(func(e *extract.Event) {
		for _, f := range e.Findings {
			if !slices.Contains(codes, f.Name) {
				codes = append(codes, f.Name)
			}
		}
	})
	stream.Block(extract.Block{Data: []byte(strings.TrimRight(text, "\n") + "\n")})
	stream.End()
	return codes
}

func sameCodes(a, b []string) bool {
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(a, slices.Compact(b))
}

func inList(codes []string) string {
	if len(codes) == 0 {
		return "no code"
	}
	return strings.Join(codes, ", ")
}
