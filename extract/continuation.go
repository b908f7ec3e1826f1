package extract

import "bytes"

// kind is what a line is to the event of the line before it, as far as its own text tells.
type kind uint8

const (
	logLine       kind = iota // begins an event
	continuation              // belongs to the event before it
	exceptionHead             // a Java exception header: belongs to the log line before it, if one is right before it
)

// kindOf looks at the front of a line.
func kindOf(text []byte) kind {
	text = uncolour(text)
	if len(text) == 0 {
		return continuation
	}
	switch text[0] {
	case ' ', '\t', '\v', '\f', '\r', '}', ']', ')':
		return continuation
	case 'a':
		if bytes.HasPrefix(text, []byte("at ")) {
			return continuation
		}
	case '.':
		if bytes.HasPrefix(text, []byte("... ")) {
			return continuation
		}
	case 'C':
		if bytes.HasPrefix(text, []byte("Caused by:")) {
			return continuation
		}
	}
	if isExceptionHead(text) {
		return exceptionHead
	}
	return logLine
}

// isExceptionHead reports whether a line begins with a qualified class name that ends like an exception's, and a colon or
// nothing behind it.
func isExceptionHead(text []byte) bool {
	i, part, dots := 0, 0, 0
	for ; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '.':
			if i == part {
				return false // an empty part
			}
			part = i + 1
			dots++
		case isWord(c) || c == '$':
		case c == ':':
			return isExceptionName(text[part:i], dots)
		default:
			return false
		}
	}
	return isExceptionName(text[part:i], dots)
}

func isExceptionName(name []byte, dots int) bool {
	if dots == 0 || len(name) == 0 || name[0] < 'A' || name[0] > 'Z' {
		return false
	}
	for _, end := range [...]string{"Exception", "Error", "Throwable"} {
		if bytes.HasSuffix(name, bytesOf(end)) {
			return true
		}
	}
	return false
}
