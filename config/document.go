package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// maxFileBytes is how big a configuration or an overlay may be. One with every field of 2,000 codes has half of that.
const maxFileBytes = 2 << 20

// place is where something stands in a document. Both count from 1, columns in characters.
type place struct{ line, column int }

// problem is something that is wrong at a place.
type problem struct {
	place
	text string
}

// document is a YAML file, and what is wrong with it.
type document struct {
	name     string
	lines    []string
	places   map[string]place // of values, by path: sources[0].paths[1]
	problems []problem
	unread   []string // paths of what could not be read
	merges   int      // how deep << is within <<
	left     int      // how many values may still be read, aliases followed
}

// maxValues bounds what a small document with many aliases can cost.
const maxValues = 200_000

func newDocument(name string, data []byte) *document {
	return &document{name: name, lines: strings.Split(string(data), "\n"), places: map[string]place{}, left: maxValues}
}

// report notes what is wrong at a place.
func (d *document) report(at place, format string, args ...any) {
	d.problems = append(d.problems, problem{at, fmt.Sprintf(format, args...)})
}

// reportAt notes what is wrong with the value at a path or, where that is left out, with what it would stand in.
func (d *document) reportAt(path, format string, args ...any) {
	d.report(d.placeOf(path), format, args...)
}

func (d *document) placeOf(path string) place {
	for ; path != ""; path = path[:max(strings.LastIndexAny(path, ".["), 0)] {
		if at, ok := d.places[path]; ok {
			return at
		}
	}
	return cmp.Or(d.places[""], place{1, 1})
}

// has says whether the document gives the value at a path.
func (d *document) has(path string) bool {
	_, ok := d.places[path]
	return ok
}

// read returns the one value of the document; nil if it has none, or if it is not YAML, which is then noted.
func (d *document) read(data []byte) *yaml.Node {
	if len(data) > maxFileBytes {
		d.report(place{1, 1}, "the file has more than %d MiB: divide it, or leave out what is not needed", maxFileBytes>>20)
		return nil
	}
	if i := firstInvalid(data); i >= 0 {
		line := 1 + bytes.Count(data[:i], []byte("\n"))
		column := 1 + utf8.RuneCount(data[bytes.LastIndexByte(data[:i], '\n')+1:i])
		d.report(place{line, column}, "here is a byte that is no text (0x%02x): save the file as UTF-8", data[i])
		return nil
	}
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var first, second yaml.Node
	switch err := dec.Decode(&first); {
	case errors.Is(err, io.EOF):
		return nil
	case err != nil:
		d.syntax(data, err)
		return nil
	}
	if err := dec.Decode(&second); err == nil {
		at := place{max(second.Line, 1), max(second.Column, 1)}
		if at.line > 1 && strings.HasPrefix(d.lines[at.line-2], "---") {
			at = place{at.line - 1, 1}
		}
		d.report(at, "a second document begins here: one file is one document, so leave out the ---")
		return nil
	} else if !errors.Is(err, io.EOF) {
		d.syntax(data, err)
		return nil
	}
	if len(first.Content) == 0 || first.Content[0].ShortTag() == "!!null" {
		return nil
	}
	return first.Content[0]
}

// firstInvalid returns the position of the first byte that is not of UTF-8 text, -1 if all are.
func firstInvalid(data []byte) int {
	for i := 0; i < len(data); {
		r, size := utf8.DecodeRune(data[i:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}

// maxShown is how many problems of a document are drawn.
const maxShown = 100

// err is all that is wrong with the document, drawn in the order of its lines; nil if nothing is.
func (d *document) err() error {
	slices.SortStableFunc(d.problems, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	var errs []error
	for i, p := range d.problems {
		if i == maxShown {
			errs = append(errs, fmt.Errorf("%s: and %d more", d.name, len(d.problems)-i))
			break
		}
		errs = append(errs, errors.New(d.draw(p)))
	}
	return errors.Join(errs...)
}
