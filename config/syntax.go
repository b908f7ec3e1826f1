package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	goccy "github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
)

// syntax notes where and why a document is no YAML. What is most often wrong is found here; else a second library is asked, since
// the one that reads the document does not say columns.
func (d *document) syntax(data []byte, err error) {
	if at, text := d.usual(err); text != "" {
		d.report(at, "%s", text)
		return
	}
	// It takes time that grows with the square of the size.
	const small = 32 << 10
	if len(data) <= small {
		var located goccy.Error
		if _, other := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey()); errors.As(other, &located) && located.GetToken() != nil {
			p := located.GetToken().Position
			d.report(place{p.Line, p.Column}, "%s", instead(located.GetMessage()))
			return
		}
	}
	text := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if n, scanErr := fmt.Sscanf(text, "line %d:", &line); n == 1 && scanErr == nil {
		_, text, _ = strings.Cut(text, ": ")
	}
	line = min(max(line, 1), len(d.lines))
	own := d.lines[line-1]
	d.report(place{line, 1 + len(own) - len(strings.TrimLeft(own, " "))}, "this is not YAML: %s", text)
}

// instead says what to do about an error that the library words for people who write YAML parsers.
func instead(text string) string {
	for _, known := range []struct{ theirs, ours string }{
		{"value is not allowed in this context", "this is neither a field of what is above it nor beside that: indent it as its neighbours are"},
		{"mapping value is not allowed in this context", `": " cannot stand here: put a text that holds it into quotes, or indent the line as its neighbours are`},
		{"sequence end token ']' not found", "the [ is never closed: add ]"},
		{"could not find flow mapping end token '}'", "the { is never closed: add }"},
		{"could not find end character of double-quoted text", `the quotes are never closed: add "`},
		{"could not find end character of single-quoted text", "the quotes are never closed: add '"},
		{"non-map value is specified", `here stands no field: write its name, a colon and a value; or, in a list, "- " and a value`},
	} {
		if text == known.theirs {
			return known.ours
		}
	}
	if strings.HasPrefix(text, "found unknown escape character") {
		return `a \ has a meaning between double quotes, and this one has none: use single quotes`
	}
	return "this is not YAML: " + text
}

var (
	unknownAnchor = regexp.MustCompile(`unknown anchor '([^']*)' referenced`)
	leads         = [...]string{"- ", ": ", "[", ", "} // what a value stands behind
)

// usual finds what people write by mistake: tabs, texts that need quotes, names of nothing. It is asked only if the document is wrong.
func (d *document) usual(err error) (place, string) {
	missing := ""
	if m := unknownAnchor.FindStringSubmatch(err.Error()); m != nil {
		missing = m[1]
	}
	for i, line := range d.lines {
		rest := strings.TrimLeft(line, " ")
		if strings.HasPrefix(rest, "\t") && strings.TrimSpace(rest) != "" {
			return place{i + 1, 1 + len(line) - len(rest)}, "a tab: YAML is indented with spaces"
		}
		for _, lead := range leads {
			for at := strings.Index(line, lead); at >= 0; {
				word := strings.TrimLeft(line[at+len(lead):], " ")
				begin := place{i + 1, 1 + utf8.RuneCountInString(line[:len(line)-len(word)])}
				if missing != "" && strings.HasPrefix(word, "*"+missing) {
					return begin, fmt.Sprintf("nothing above is called &%s: name it there, or put quotes around a text that begins with *", missing)
				}
				if text := unquoted(word); text != "" {
					return begin, text
				}
				next := strings.Index(line[at+1:], lead)
				if next < 0 {
					break
				}
				at += 1 + next
			}
		}
	}
	return place{}, ""
}

// unquoted says whether a value begins with a character that means something else in YAML. An alias is made of letters and digits.
func unquoted(word string) string {
	switch {
	case len(word) < 2:
		return ""
	case word[0] == '*' && strings.ContainsRune("*./[{?-_", rune(word[1])), strings.ContainsRune("@`%", rune(word[0])):
	default:
		return ""
	}
	end := strings.IndexAny(word, ",]} \r")
	if end < 0 {
		end = len(word)
	}
	return fmt.Sprintf("a text that begins with %c needs quotes: write %q", word[0], word[:end])
}
