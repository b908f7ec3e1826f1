package redact

// quote is a quotation mark as it is spelled at its nesting: ", \", \\\", &quot;, \u0022, %22.
type quote struct {
	mark    string // the bytes without backslashes; empty is no quote
	slashes int
}

// maxSlashes is how many backslashes before a quote are understood: six strings inside one another.
const maxSlashes = 63

// quoteAt returns the quote at text[i:] and its length.
func quoteAt(text []byte, i int) (quote, int) {
	at := someSlashes(text, i)
	n := at - i
	if at >= len(text) {
		return quote{}, 0
	}
	switch text[at] {
	case '"':
		return quote{`"`, n}, n + 1
	case '\'':
		return quote{`'`, n}, n + 1
	case '`':
		return quote{"`", n}, n + 1
	}
	spelled := []string{"&quot;", "&#34;", "&#39;", "&apos;", "%22", "%27"}
	if n > 0 {
		spelled = []string{"u0022", "u0027"}
	}
	for _, mark := range spelled {
		if hasAt(text, at, mark) {
			return quote{mark, n}, n + len(mark)
		}
	}
	return quote{}, 0
}

// close returns where the text in q, which begins at i, ends, and where reading goes on behind the closing quote. A quote that nothing
// closes ends with its line, or where a private key begins, which has a rule of its own.
func (q quote) close(text []byte, i int) (end, next int) {
	for i < len(text) {
		switch c := text[i]; {
		case c == '\\':
			run := slashes(text, i)
			if quoted := hasAt(text, run, q.mark); quoted && q.closes(run-i) {
				return i, run + len(q.mark)
			} else if quoted {
				run += len(q.mark)
			}
			i = run
		case c == q.mark[0] && c != 'u' && hasAt(text, i, q.mark):
			return i, i + len(q.mark)
		case c == '\n', keyBegins(text, i), q.mark[0] == '%' && (isSpace(c) || isOneOf(c, "&\"'<>")):
			return i, i
		default:
			i += max(1, markAt(text, i))
		}
	}
	return i, i
}

// closes reports whether the quote closes with n backslashes before it. At depth d a quote that belongs to the text is written
// with 2^(d+1)-1 backslashes, and those may follow backslashes of the text, which come in multiples of 2^(d+1).
func (q quote) closes(n int) bool {
	if len(q.mark) > 1 {
		return n <= q.slashes
	}
	unit := 2
	for unit <= q.slashes+1 {
		unit *= 2
	}
	return n%unit != unit-1
}

// someSlashes returns the end of the first maxSlashes backslashes at i.
func someSlashes(text []byte, i int) int { return while(text, i, i+maxSlashes, isSlash) }

func isSlash(c byte) bool { return c == '\\' }

// slashes returns the end of the backslashes at i.
func slashes(text []byte, i int) int {
	return while(text, i, len(text), isSlash)
}
