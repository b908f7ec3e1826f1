package extract

import (
	"bytes"
	"unicode/utf8"

	"errcode_exporter/catalog"
)

// matcher finds the distinct codes of one record after another. Its buffers are reused.
type matcher struct {
	x       *Extractor
	found   []catalog.Finding // distinct, in the order in which the record names them
	names   nameSet           // of found, and of those that are muted
	full    bool              // the bound on distinct codes is reached: no use in looking further
	cleaned []byte
	stats   *Stats
}

// match fills found with the codes that a record's text names. The text is only handed in if it has a candidate.
func (m *matcher) match(text []byte) {
	m.found, m.full = m.found[:0], false
	m.names.reset()
	if !utf8.Valid(text) {
		m.stats.NotUTF8++
	}
	json, ok := asJSON(text)
	switch {
	case ok && m.x.match == Fields:
		m.fields(json)
	case ok:
		m.document(json, 0)
	default:
		if bytes.HasPrefix(bytes.TrimLeft(text, " \t"), []byte(`{"`)) {
			m.stats.BadJSON++
		}
		if m.x.match == Anywhere {
			m.text(text)
		}
	}
}

// text looks for codes in a text that is not JSON.
func (m *matcher) text(text []byte) {
	if m.x.shape.candidate(text, 0) < 0 && isClean(text) {
		return
	}
	m.x.shape.tokens(clean(&m.cleaned, text), func(code []byte, p *prefix) bool {
		m.add(code, p)
		return !m.full
	})
}

func (m *matcher) add(code []byte, p *prefix) {
	if m.names.has(code) {
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
			m.names.add(known.Name)
			m.stats.Muted++
			return
		}
		f.Code, f.Name = known, known.Name
	} else {
		f.Name = string(code)
	}
	m.names.add(f.Name)
	m.found = append(m.found, f)
}

// cause returns the cause of a code whose words stand in the text, in any case; nil if none does. lower is a buffer.
func cause(code *catalog.Code, text []byte, lower *[]byte) *catalog.Cause {
	if code == nil || len(code.Causes) == 0 {
		return nil
	}
	low := (*lower)[:0]
	for _, c := range text {
		if 'A' <= c && c <= 'Z' {
			c |= 0x20
		}
		low = append(low, c)
	}
	*lower = low
	for i := range code.Causes {
		if bytes.Contains(low, bytesOf(code.Causes[i].Words)) {
			return &code.Causes[i]
		}
	}
	return nil
}
