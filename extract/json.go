package extract

import (
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

const whiteSpace = " \t\n\v\f\r"

// trim takes white space off both ends.
func trim(text []byte) []byte {
	for len(text) > 0 && isSpace(text[0]) {
		text = text[1:]
	}
	for len(text) > 0 && isSpace(text[len(text)-1]) {
		text = text[:len(text)-1]
	}
	return text
}

func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }

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
		m.value(gjson.Parse(view(l.raw(v))), nested)
	}
}

// value looks for codes in one string value. Nothing of it needs decoding twice: gjson has the decoded string.
func (m *matcher) value(v gjson.Result, nested int) {
	text := bytesOf(v.Str)
	if nested < maxNested {
		if l := m.layout(text, nested+1); l != nil {
			m.document(l, nested+1)
			return
		}
	}
	m.text(text)
}

// layout reads a text that may be JSON in so many strings of JSON; nil if it is not.
func (m *matcher) layout(text []byte, nested int) *layout {
	if text = trim(text); len(text) == 0 || text[0] != '{' && text[0] != '[' {
		return nil
	}
	if m.layouts[nested] == nil {
		m.layouts[nested] = &layout{}
	}
	if l := m.layouts[nested]; l.read(m.x.shape, text) {
		return l
	}
	return nil
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
			m.value(r, 0)
		case r.IsArray() && strings.Contains(m.x.paths[i], "#"):
			r.ForEach(func(_, element gjson.Result) bool {
				if element.Type == gjson.String {
					m.value(element, 0)
				}
				return !m.full
			})
		}
	}
}
