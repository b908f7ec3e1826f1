package redact

import (
	"regexp"
	"unicode"
	"unicode/utf8"
)

// Bounds of the work that an excerpt takes.
const (
	// MaxBefore is how many bytes may stand before the place that an excerpt is about. Whether something is a secret may
	// depend on all that stands before it, so all of it is read. Behind so much text an excerpt shows the error code alone.
	MaxBefore = 1 << 20
	// lookahead is how many bytes behind it whether a byte is masked may depend on. The end of a private key is looked
	// for the furthest; what stands between a name and its value comes next, with 14 KiB of white space and colours.
	lookahead = maxPEM + 4<<10
)

const ellipsis = "…"

// Excerpt returns at most limit bytes of line: masked first, then cut around line[at:], where an error code is. It is valid UTF-8, one
// line, and shows a terminal nothing that it would obey: white space becomes spaces, other control characters become
// pictures of themselves (␛), and what reorders or hides text, and bytes that are not UTF-8, become U+FFFD. What was left out is an
// ellipsis. A mark is not cut in two.
//
// It shows what stands within limit bytes before and behind at, and reads the line from its beginning to limit bytes and 20 KiB
// behind at. So it knows of every byte it shows all that decides whether it is masked, and no part of a secret is left at an
// edge, wherever the secret begins and ends. Where more than MaxBefore bytes stand before at, it shows the error code alone.
//
// An at outside of line is taken for the nearest end of it. If limit is less than 16, there is no room: the excerpt is empty.
func (r *Redactor) Excerpt(line []byte, at, limit int) string {
	const least = 16
	if limit < least {
		return ""
	}
	at = min(at, len(line))
	if at > MaxBefore {
		return codeAlone(line[at:], limit)
	}
	if at < 0 {
		at = 0
	}
	e := excerpt{text: line, at: at, from: runeStart(line, at-limit), to: len(line)}
	if limit < len(line)-at { // not at+limit: that may be more than an int holds
		e.to = runeStart(line, at+limit)
	}
	e.out, e.pieces = make([]byte, 0, e.to-e.from+64), make([]int, 0, e.to-e.from+1)
	e.headless, e.endless = e.from > 0, e.to < len(line)
	if lookahead < len(line)-e.to {
		line = line[:e.to+lookahead]
	}
	var spans []span
	s := scanner{text: line, spans: &spans, from: e.from}
	s.scan(r.options.Emails)
	for _, sp := range spans {
		if sp.start >= e.to {
			break
		}
		e.show(sp.start)
		e.mark(sp)
		s.counts[sp.kind]++
	}
	e.show(e.to)
	r.tell(&s.counts)
	return e.cut(limit)
}

// runeStart returns i, or where the character begins that i is in the middle of; 0 if i is less.
func runeStart(text []byte, i int) int {
	for from := max(0, i); from > 0 && from > i-utf8.UTFMax && from < len(text); from-- {
		if utf8.RuneStart(text[from]) {
			if _, size := utf8.DecodeRune(text[from:]); from+size > i {
				return from
			}
			break
		}
	}
	return max(0, i)
}

// code is what an excerpt shows of a place that it knows too little of.
var code = regexp.MustCompile(`^[A-Za-z]{1,20}\.[0-9]{4,8}`)

func codeAlone(text []byte, limit int) string {
	m := code.Find(text[:min(len(text), 32)])
	if len(m)+2*len(ellipsis) > limit {
		return ellipsis
	}
	return ellipsis + string(m) + ellipsis
}

// excerpt is text[from:to] as it is shown.
type excerpt struct {
	text         []byte
	from, to, at int
	out          []byte
	pieces       []int // where each character or mark begins in out
	center       int   // the first piece that stands at or behind at
	centered     bool
	headless     bool // whether there is more text before
	endless      bool // whether there is more text behind
}

// offset is where a piece begins in out.
func (e *excerpt) offset(piece int) int {
	if piece == len(e.pieces) {
		return len(e.out)
	}
	return e.pieces[piece]
}

func (e *excerpt) begin(at int) {
	if !e.centered && at >= e.at {
		e.center, e.centered = len(e.pieces), true
	}
	e.pieces = append(e.pieces, len(e.out))
}

// show adds the text as far as end, harmless.
func (e *excerpt) show(end int) {
	for e.from < end {
		if n := markAt(e.text[:e.to], e.from); n > 0 {
			e.begin(max(e.from, min(e.at, e.from+n-1)))
			e.out = append(e.out, e.text[e.from:e.from+n]...)
			e.from += n
			continue
		}
		c, size := utf8.DecodeRune(e.text[e.from:end])
		e.begin(e.from)
		e.out = utf8.AppendRune(e.out, inert(c))
		e.from += size
	}
}

// mark adds the mark of a secret.
func (e *excerpt) mark(s span) {
	e.begin(max(s.start, min(e.at, s.end-1)))
	e.out = append(e.out, marks[s.kind]...)
	e.from = s.end
}

// inert returns what is shown in place of c.
func inert(c rune) rune {
	switch {
	case ' ' <= c && c < 0x7f: // nearly all
		return c
	case '\t' <= c && c <= '\r':
		return ' '
	case c < 0x20:
		return '␀' + c
	case c == 0x7f:
		return '␡'
	case unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp):
		return utf8.RuneError
	}
	return c
}

// cut returns as many pieces around the center as have room, two thirds of it for what stands behind, more where less stands before.
func (e *excerpt) cut(limit int) string {
	n := len(e.pieces)
	if !e.centered {
		e.center = n
	}
	size := func(from, to int) int { return e.offset(to) - e.offset(from) }
	if !e.headless && !e.endless && len(e.out) <= limit {
		return string(e.out)
	}
	room := limit - 2*len(ellipsis)
	ahead := room * 2 / 3
	if before := size(0, e.center); room-before > ahead {
		ahead = room - before
	}
	last := e.center
	for last < n && size(e.center, last+1) <= ahead {
		last++
	}
	first := e.center
	for first > 0 && size(first-1, last) <= room {
		first--
	}
	out := string(e.out[e.offset(first):e.offset(last)])
	if first > 0 || e.headless {
		out = ellipsis + out
	}
	if last < n || e.endless {
		out += ellipsis
	}
	return out
}
