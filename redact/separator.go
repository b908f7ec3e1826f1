package redact

// value is what stands behind a name.
type value struct {
	start int
	kind  Kind
	weak  bool
	quote quote // how it is quoted; the empty one if it is not
	list  bool  // whether it is in [ ]
	xml   bool  // whether it ends at <
	// gap: white space behind an equals sign, and none before it. What follows may be the next name: password= request_id=1
	gap bool
}

// Bounds of what may stand between a name and its value. White space is counted in bytes and colours.
const (
	maxBlanks  = 32
	maxOpeners = 4
)

// separator reads what stands between a name, which ends at i, and its value: quotes, a colon or an equals sign or another of their kind,
// brackets, an opening quote. stem is where the stem of the name began.
func (s *scanner) separator(stem, i int, header bool) (v value, ok bool) {
	text := s.text
	_, n := quoteAt(text, i)
	quoted := n > 0
	i += n
	if quoted && hasAt(text, i, "]") {
		i++
	}
	from := i
	i = blanks(text, i)
	spaced := i > from
	if n := operator(text, i); n > 0 {
		equals := text[i] == '='
		i += n
		v.start = blanks(text, i)
		v.gap = equals && !spaced && v.start > i
		s.open(&v)
		return v, true
	}
	switch {
	case i < len(text) && text[i] == '>' && !spaced:
		v.start, v.xml = i+1, true
		return v, true
	case i < len(text) && (text[i] == ',' && quoted && header || text[i] == '(' && !quoted && !spaced):
		v.start = blanks(text, i+1)
		s.openQuote(&v)
		return v, v.quote.mark != ""
	case spaced && !quoted && s.isFlag(stem) && i < len(text) && text[i] != '-':
		v.start = i
		s.openQuote(&v)
		return v, true
	}
	return v, false
}

// operator returns the length of what stands for a colon or an equals sign at i.
func operator(text []byte, i int) int {
	if i >= len(text) || !isOneOf(text[i], ":=%&\\\xef") {
		return 0
	}
	for _, op := range []string{"=>", ":=", "==", "=", ":", "：", "＝", "%3A", "%3a", "%3D", "%3d", "&#61;", "&#58;"} {
		if hasAt(text, i, op) {
			return len(op)
		}
	}
	run := someSlashes(text, i)
	for _, op := range []string{"u003a", "u003A", "u003d", "u003D"} {
		if run > i && hasAt(text, run, op) {
			return run + len(op) - i
		}
	}
	return 0
}

// open skips brackets: ["…"], [[…]], []string{"…"}.
func (s *scanner) open(v *value) {
	text := s.text
	for range maxOpeners {
		i := v.start
		switch {
		case i >= len(text) || text[i] != '[' || markAt(text, i) > 0:
			s.openQuote(v)
			return
		case hasAt(text, i, "[]string{"):
			i += len("[]string{")
		default:
			i++
		}
		v.list = true
		v.start = gaps(text, i)
	}
	s.openQuote(v)
}

// openQuote skips the prefix of a Python string, and an opening quote.
func (s *scanner) openQuote(v *value) {
	i := while(s.text, v.start, v.start+2, func(c byte) bool { return isOneOf(c, "bBuUrRfF") })
	if q, n := quoteAt(s.text, i); n > 0 {
		v.quote, v.start = q, i+n
	} else if q, n := quoteAt(s.text, v.start); n > 0 {
		v.quote, v.start = q, v.start+n
	}
}

// isFlag reports whether the name with a stem at i is one of a command line: --admin-password.
func (s *scanner) isFlag(i int) bool {
	from := i
	for from > s.floor && i-from < 64 && (isAlnum(s.text[from-1]) || s.text[from-1] == '-' || s.text[from-1] == '_') {
		from--
	}
	return hasAt(s.text, from, "--") && (from == s.floor || !isName(s.text[from-1]))
}

// blanks skips white space and colours within a line.
func blanks(text []byte, i int) int {
	for range maxBlanks {
		switch {
		case i < len(text) && isBlank(text[i]):
			i++
		default:
			n := colour(text, i)
			if n == 0 {
				return i
			}
			i += n
		}
	}
	return i
}

// gaps skips white space, line ends and their escapes.
func gaps(text []byte, i int) int {
	for range maxBlanks {
		if i < len(text) && isSpace(text[i]) {
			i++
			continue
		}
		run := someSlashes(text, i)
		if run == i || run >= len(text) || !isOneOf(text[run], "nrt") {
			return i
		}
		i = run + 1
	}
	return i
}

// colour returns the length of a terminal escape at i, as such or in one of its spellings, 0 if there is none.
func colour(text []byte, i int) int {
	at := i
	if hasAt(text, i, "\x1b") {
		at++
	} else {
		at = someSlashes(text, i)
		if at == i {
			return 0
		}
		n := 0
		for _, esc := range []string{"u001b", "u001B", "x1b", "x1B", "033", "e"} {
			if hasAt(text, at, esc) {
				n = len(esc)
				break
			}
		}
		if n == 0 {
			return 0
		}
		at += n
	}
	if !hasAt(text, at, "[") {
		return 0
	}
	at = while(text, at+1, at+1+maxParams, isParam)
	if at >= len(text) || !isUpper(text[at]) && !isLower(text[at]) {
		return 0
	}
	return at + 1 - i
}
