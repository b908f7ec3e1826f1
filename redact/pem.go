package redact

import (
	"bytes"
	"regexp"
)

const (
	pemHead = "-----BEGIN "
	pemTail = "-----END "
	// maxPEM is how far the end of a private key is looked for: an RSA key of 16,384 bits takes 12,700 bytes.
	maxPEM = 16 << 10
	// maxPart bounds a line of a private key whose beginning is missing.
	maxPart = 128
)

var (
	pemBegin = regexp.MustCompile(`^-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----`)
	pemEnd   = regexp.MustCompile(`^-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?(?:-----)?`)
	// pemHeader is a header inside an encrypted key.
	pemHeader = regexp.MustCompile(`^(?:Proc-Type|DEK-Info|Version|Comment): [A-Za-z0-9,.() -]{0,80}`)
)

// keyBegins reports whether a private key begins at i, or the mark of one stands there. It ends any value: keys have a rule of their
// own, which knows where they end.
func keyBegins(text []byte, i int) bool {
	switch text[i] {
	case '-':
		return hasAt(text, i, pemHead) && pemBegin.Match(text[i:min(len(text), i+80)])
	case '[':
		return hasAt(text, i, marks[PrivateKey])
	}
	return false
}

// pem masks a private key that begins at i, to its end or as far as it goes, or the last line of one whose beginning is missing.
func (s *scanner) pem(i int) int {
	text := s.text
	if m := pemEnd.Find(text[i:min(len(text), i+80)]); m != nil {
		return s.pemRest(i, i+len(m))
	}
	m := pemBegin.Find(text[i:min(len(text), i+80)])
	if m == nil {
		return i
	}
	from := i + len(m)
	body := text[from:min(len(text), from+maxPEM)]
	if n := bytes.Index(body, []byte(pemHead)); n >= 0 {
		body = body[:n]
	}
	if n := bytes.Index(body, []byte(pemTail)); n >= 0 {
		end := from + n + len(pemTail)
		end = while(text, end, end+60, func(c byte) bool { return isUpper(c) || isDigit(c) || c == ' ' })
		if hasAt(text, end, "-----") {
			end += 5
		}
		return s.mask(i, end, PrivateKey)
	}
	return s.mask(i, pemBody(text, from), PrivateKey)
}

// pemRest masks what stands before the end of a key, which is at i.
func (s *scanner) pemRest(i, end int) int {
	from := i
	for from > s.floor && i-from < maxBlanks {
		if c := s.text[from-1]; !isSpace(c) && c != '\\' && !(isOneOf(c, "nr") && from-2 >= s.floor && s.text[from-2] == '\\') {
			break
		}
		from--
	}
	last := from
	for from > s.floor && last-from < maxPart && isKeyByte(s.text[from-1]) {
		from--
	}
	if from > s.floor && s.text[from-1] == '\\' && isOneOf(s.text[from], "nr") {
		from++ // of \n
	}
	if last == i || last-from < 8 || !s.lineBegins(from) && !isSpace(s.text[from-1]) {
		return i
	}
	return s.mask(from, end, PrivateKey)
}

func isKeyByte(c byte) bool { return isBase64(c) || c == '=' }

// pemBody returns how far the lines of a key go that has no end.
func pemBody(text []byte, i int) int {
	for {
		at := gaps(text, i)
		if m := pemHeader.Find(text[at:min(len(text), at+100)]); m != nil && (at+len(m) == len(text) || isOneOf(text[at+len(m)], "\r\n\\")) {
			i = at + len(m)
			continue
		}
		run := while(text, at, len(text), isBase64)
		end := while(text, run, run+2, isPadding)
		if line := text[at:run]; len(line) < 40 && !random(line) {
			return i
		} else if !endsPart(text, end) && !(len(line) >= 16 && while(line, 0, peek, isNoDigit) < min(len(line), peek)) {
			return i
		}
		i = end
	}
}

// endsPart reports whether what is at i may stand behind a line of a key. Something else is behind a word of the next log line,
// unless it is long and has a digit in it.
func endsPart(text []byte, i int) bool {
	return i >= len(text) || isSpace(text[i]) || isOneOf(text[i], "\"'`\\,}.<") || hasAt(text, i, "…")
}

func isNoDigit(c byte) bool { return !isDigit(c) }

func isBase64(c byte) bool { return isAlnum(c) || c == '+' || c == '/' }
