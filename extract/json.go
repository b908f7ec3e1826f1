package extract

import (
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// trim takes white space off both ends, and says how much at the front.
func trim(text []byte) (trimmed []byte, front int) {
	for front < len(text) && isSpace(text[front]) {
		front++
	}
	end := len(text)
	for end > front && isSpace(text[end-1]) {
		end--
	}
	return text[front:end], front
}

// view makes a string of bytes that nobody changes while the string lives: gjson would copy a line otherwise.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// bytesOf is the reverse; the bytes must not be written to.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// document looks for codes in the string values of a valid document in which one may stand. The layout has found them; gjson
// decodes them.
func (m *matcher) document(l *layout, nested int) {
	for _, v := range l.values {
		if m.full {
			return
		}
		decoded := bytesOf(gjson.Parse(view(l.raw(v.span))).Str)
		switch {
		case len(decoded) < v.to-v.from-2:
			m.value(decoded, m.candidates(decoded, nested+1), nested)
		case l.hashed:
			m.value(decoded, v.candidates, nested)
		default: // without escapes it is no document that has strings, and there is nothing to clean
			m.tokens(decoded, v.candidates)
		}
	}
}

// value looks for codes in one decoded string value.
func (m *matcher) value(text []byte, c candidates, nested int) {
	if nested < maxNested {
		if l := m.layout(text, c, nested+1); l != nil {
			m.document(l, nested+1)
			return
		}
	}
	m.text(text, c)
}

// layout reads a text that may be JSON in so many strings of JSON; nil if it is not.
func (m *matcher) layout(text []byte, c candidates, nested int) *layout {
	text, front := trim(text)
	if len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return nil
	}
	if m.layouts[nested] == nil {
		m.layouts[nested] = &layout{}
	}
	if l := m.layouts[nested]; l.read(text, c.part(front)) {
		return l
	}
	return nil
}

// candidates searches a text that is no part of a block.
func (m *matcher) candidates(text []byte, nested int) candidates {
	if cap(m.dots[nested]) > maxSpans {
		m.dots[nested] = nil
	}
	m.dots[nested] = m.search.all(m.x.shape, text, m.dots[nested][:0])
	return candidates{dots: m.dots[nested]}
}

// fields looks for codes at the configured paths only. Where no string value of the document may hold one, none of those at
// the paths does.
func (m *matcher) fields(l *layout) {
	if len(l.values) == 0 {
		return
	}
	for i, r := range gjson.GetMany(view(l.text), m.x.paths...) {
		switch {
		case r.Type == gjson.String:
			m.field(r)
		case r.IsArray() && strings.Contains(m.x.paths[i], "#"):
			r.ForEach(func(_, element gjson.Result) bool {
				if element.Type == gjson.String {
					m.field(element)
				}
				return !m.full
			})
		}
	}
}

func (m *matcher) field(v gjson.Result) {
	text := bytesOf(v.Str)
	m.value(text, m.candidates(text, 1), 0)
}
