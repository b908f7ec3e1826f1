package slow

import (
	"encoding/json"
	"strings"
)

const (
	whiteSpace = " \t\n\v\f\r"
	maxDepth   = 128 // of an object or array
	maxInside  = 8   // objects and arrays in strings, inside one another
)

// object keeps the order of its members, and every one of those with the same key.
type object []member

type member struct {
	key   string
	value any
}

// parseJSON decodes a text that is one object or array, nested no deeper than maxDepth.
func parseJSON(text string) (any, bool) {
	text = strings.Trim(text, whiteSpace)
	if !strings.HasPrefix(text, "{") && !strings.HasPrefix(text, "[") || !json.Valid([]byte(text)) {
		return nil, false
	}
	dec := json.NewDecoder(strings.NewReader(text))
	dec.UseNumber()
	return parseValue(dec, 0)
}

// parseValue reads one value of a text that is known to be valid.
func parseValue(dec *json.Decoder, depth int) (any, bool) {
	token, err := dec.Token()
	if err != nil {
		return nil, false
	}
	open, ok := token.(json.Delim)
	if !ok {
		return token, true
	}
	if depth++; depth > maxDepth {
		return nil, false
	}
	var members object
	var elements []any
	for dec.More() {
		key := ""
		if open == '{' {
			k, err := dec.Token()
			if err != nil {
				return nil, false
			}
			key = k.(string)
		}
		value, ok := parseValue(dec, depth)
		if !ok {
			return nil, false
		}
		members = append(members, member{key, value})
		elements = append(elements, value)
	}
	if _, err := dec.Token(); err != nil {
		return nil, false
	}
	if open == '{' {
		return members, true
	}
	return elements, true
}

// get is the first member with that key, or nil.
func get(value any, key string) any {
	o, _ := value.(object)
	for _, m := range o {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// find is what stands at a path; "#" is each element of an array.
func find(value any, path string) []any {
	name, rest, more := strings.Cut(path, ".")
	var found []any
	if name == "#" {
		found, _ = value.([]any)
	} else if v := get(value, name); v != nil {
		found = []any{v}
	}
	if !more {
		return found
	}
	var deeper []any
	for _, v := range found {
		deeper = append(deeper, find(v, rest)...)
	}
	return deeper
}

// stringsIn are the texts of all string values, in document order. A string that is itself an object or array is
// looked into, as long as inside says so.
func stringsIn(value any, inside int) []string {
	var texts []string
	switch v := value.(type) {
	case object:
		for _, m := range v {
			texts = append(texts, stringsIn(m.value, inside)...)
		}
	case []any:
		for _, e := range v {
			texts = append(texts, stringsIn(e, inside)...)
		}
	case string:
		if inner, ok := parseJSON(v); ok && inside < maxInside {
			return stringsIn(inner, inside+1)
		}
		texts = []string{v}
	}
	return texts
}
