package extract

import (
	"bytes"

	"errcode_exporter/catalog"
)

// matcher finds the distinct codes of one record after another. Its buffers are reused.
type matcher struct {
	x       *Extractor
	found   []catalog.Finding // distinct, in the order in which the record names them
	names   nameSet           // of found, and of those that are muted
	full    bool              // the bound on distinct codes is reached: no use in looking further
	cleaned []byte
	json    *layout // of the text in hand; nil if that is not JSON
	stats   *Stats

	// Of the text in hand, of JSON in a string of it, of JSON in a string of that, and so on, and of a text that was cleaned.
	layouts [maxNested + 1]*layout
	dots    [maxNested + 3][]int
	decoded [maxNested + 2][]byte
	search  search
}

const (
	ofCleaned  = maxNested + 2
	maxDecoded = 64 << 10 // bytes that are kept for the next text
)

// match fills found with the codes that a record's text names. The text is only handed in if it has candidates.
func (m *matcher) match(text []byte, c candidates) {
	m.json = m.layout(text, c, 0)
	m.matchRead(text, c)
}

// matchRead does so after layout has been asked about the text.
func (m *matcher) matchRead(text []byte, c candidates) {
	m.found, m.full = m.found[:0], false
	m.names.reset()
	if (m.json == nil || !m.json.ascii) && !isUTF8(text) {
		m.stats.NotUTF8++
	}
	switch {
	case m.json != nil && m.x.match == Fields:
		m.fields(m.json)
	case m.json != nil:
		m.document(m.json, 0)
	default:
		if mayBeObject(text) && bytes.HasPrefix(bytes.TrimLeft(text, " \t"), []byte(`{"`)) {
			m.stats.BadJSON++
		}
		if m.x.match == Anywhere {
			m.text(text, c)
		}
	}
}

// text looks for codes in a text that is not JSON.
func (m *matcher) text(text []byte, c candidates) {
	if !isClean(text) {
		text = clean(&m.cleaned, text)
		c = m.candidates(text, ofCleaned)
	}
	m.tokens(text, c)
}

// tokens looks for codes in a text that has been cleaned or needs no cleaning.
func (m *matcher) tokens(text []byte, c candidates) {
	m.x.shape.tokens(text, c, func(code []byte, p *prefix) bool {
		// In JSON, gjson has said where the text begins and ends. In any other text the regular expression has the last word.
		if m.json != nil || p.token.Match(code) {
			m.add(code, p)
		}
		return !m.full
	})
}

func (m *matcher) add(code []byte, p *prefix) {
	if len(m.found) > 0 && m.names.has(code) {
		return
	}
	if len(m.found) == maxEventCodes {
		m.full = true
		m.stats.Dropped++
		return
	}
	f := catalog.Finding{Family: p.family}
	if known, ok := m.x.cat.LookupBytes(code); ok {
		if known.Muted {
			if !m.names.has(code) {
				m.names.add(known.Name)
				m.stats.Muted++
			}
			return
		}
		f.Code, f.Name = known, known.Name
	} else {
		f.Name = string(code)
	}
	m.names.add(f.Name)
	m.found = append(m.found, f)
}

// cause returns the cause of a code whose words stand in the text, in any case; nil if none does.
func cause(code *catalog.Code, text []byte) *catalog.Cause {
	for i := range code.Causes {
		if hasWords(text, code.Causes[i].Words) {
			return &code.Causes[i]
		}
	}
	return nil
}

// hasWords looks for words, which are in lower case, in a text of any case. It knows the letters of ASCII only.
func hasWords(text []byte, words string) bool {
	next := func(i int) int { return i }
	if len(words) >= 2 {
		front := newPair(words, true)
		next = func(i int) int { return front.index(text, i) }
	}
	for i := next(0); i >= 0 && i+len(words) <= len(text); i = next(i + 1) {
		if isLower(text[i:i+len(words)], words) {
			return true
		}
	}
	return false
}

// isLower reports whether a text comes to the words once its capitals are made small.
func isLower(text []byte, words string) bool {
	for i, c := range text {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		if c != words[i] {
			return false
		}
	}
	return true
}
