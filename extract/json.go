package extract

import (
	"bytes"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

const whiteSpace = " \t\n\v\f\r"

// asJSON returns the text as gjson takes it, if it is one valid object or array that is not too deep.
func asJSON(text []byte) (string, bool) {
	text = bytes.Trim(text, whiteSpace)
	if len(text) < 2 || text[0] != '{' && text[0] != '[' || tooDeep(text) || !gjson.ValidBytes(text) {
		return "", false
	}
	return view(text), true
}

// view makes a string of bytes that nobody changes while the string lives: gjson would copy a line otherwise.
func view(b []byte) string { return unsafe.String(unsafe.SliceData(b), len(b)) }

// bytesOf is the reverse; the bytes must not be written to.
func bytesOf(s string) []byte { return unsafe.Slice(unsafe.StringData(s), len(s)) }

// tooDeep reports whether brackets outside strings nest deeper than gjson is to follow: it calls itself for each.
func tooDeep(b []byte) bool {
	depth := 0
	for i := 0; i < len(b); i++ {
		switch b[i] {
		case '{', '[':
			if depth++; depth > maxDepth {
				return true
			}
		case '}', ']':
			depth--
		case '"':
			for i++; i < len(b) && b[i] != '"'; i++ {
				if b[i] == '\\' {
					i++
				}
			}
		}
	}
	return false
}

// document looks for codes in every string value of a valid document.
func (m *matcher) document(json string, nested int) {
	m.values(gjson.Parse(json), nested)
}

func (m *matcher) values(v gjson.Result, nested int) {
	v.ForEach(func(_, value gjson.Result) bool {
		switch {
		case value.Type == gjson.String:
			m.value(value, nested)
		case value.Type == gjson.JSON:
			m.values(value, nested)
		}
		return !m.full
	})
}

// value looks for codes in one string value. Nothing of it needs decoding twice: gjson has the decoded string.
func (m *matcher) value(v gjson.Result, nested int) {
	text := bytesOf(v.Str)
	if nested < maxNested {
		if inner, ok := asJSON(text); ok {
			m.document(inner, nested+1)
			return
		}
	}
	m.text(text)
}

// fields looks for codes at the configured paths only.
func (m *matcher) fields(json string) {
	for i, r := range gjson.GetMany(json, m.x.paths...) {
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
