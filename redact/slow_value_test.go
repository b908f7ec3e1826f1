package redact

import (
	"regexp"
	"strings"
)

func (s *slow) value(v value) (int, bool) {
	switch {
	case v.quote.mark != "":
		return s.quoted(v)
	case v.xml:
		end := s.until(reElementEnd, v.start)
		if s.is(reSpace, v.start) {
			return 0, false
		}
		return s.whole(v, end)
	case v.list:
		if s.is(reStop, v.start) || strings.HasPrefix(s.text[v.start:], "{") {
			return 0, false
		}
		end := s.until(reListEnd, v.start)
		return s.whole(v, end)
	case v.kind == Authorization:
		return s.authorization(v)
	case v.kind == Cookie:
		return s.cookie(v)
	}
	return s.word(v)
}

var (
	reSpace      = expr(spaceE)
	reElementEnd = expr(`[<\n]`)
	reListEnd    = expr(`[\]\n]`)
	reLineFeed   = expr(`\n`)
	reWordFeed   = expr(spaceE + `|[&"'<>]`)
	reStored     = expr(`\{[A-Za-z0-9-]{1,20}\}`)
	reFromMark   = regexp.MustCompile(markE + `(?s:.*)`)
	// reClosing are the closing quotes by their marks.
	reClosing = func() map[string]*regexp.Regexp {
		all := map[string]*regexp.Regexp{}
		for _, mark := range []string{"\"", "'", "`", "&quot;", "&#34;", "&#39;", "&apos;", "u0022", "u0027", "%22", "%27"} {
			all[mark] = expr(`(\\*)` + regexp.QuoteMeta(mark))
		}
		return all
	}()
)

// until returns where e, or a private key, is found first.
func (s *slow) until(e *regexp.Regexp, i int) int {
	for i < len(s.text) && !s.is(e, i) && !s.is(reKey, i) {
		i += max(1, s.at(reMark, i))
	}
	return i
}

func (s *slow) whole(v value, end int) (int, bool) {
	if n := s.at(reMarks, v.start); n == end-v.start || n > 0 && v.quote.mark == "" {
		return s.pass(v.start + n)
	}
	if keptSlowly(s.text[v.start:end], v.kind) {
		return 0, false
	}
	return s.mask(v.start, end, v.kind)
}

func keptSlowly(v string, kind Kind) bool {
	return len(v) <= 32 && (reKept.MatchString(v) || kind == Token && reCount.MatchString(v))
}

func (s *slow) quoted(v value) (next int, ok bool) {
	for {
		end, behind := s.close(v.quote, v.start)
		if n, masked := s.whole(v, end); masked {
			next, ok = n, true
		}
		comma := s.skip(reGap, behind, maxBlanks)
		if !v.list || behind == end || !strings.HasPrefix(s.text[comma:], ",") {
			return next, ok
		}
		item := value{start: s.skip(reGap, comma+1, maxBlanks)}
		if s.openQuote(&item); item.quote.mark == "" {
			return next, ok
		}
		v.quote, v.start = item.quote, item.start
	}
}

// close unescapes the quote as often as the one that opened it was escaped: it closes if it is a quote all the way.
func (s *slow) close(q quote, i int) (end, next int) {
	closing, ends := reClosing[q.mark], reLineFeed
	if q.mark[0] == '%' {
		ends = reWordFeed
	}
	for i < len(s.text) && !s.is(ends, i) && !s.is(reKey, i) {
		m := closing.FindStringSubmatch(s.text[i:])
		switch {
		case len(m) > 0 && (q.mark[0] != 'u' || m[1] != ""):
			if s.closes(q, len(m[1])) {
				return i, i + len(m[0])
			}
			i += len(m[0])
		case s.is(reSlashes, i):
			i += s.at(reSlashes, i)
		default:
			i += max(1, s.at(reMark, i))
		}
	}
	return i, i
}

func (s *slow) closes(q quote, n int) bool {
	if len(q.mark) > 1 {
		return n <= q.slashes
	}
	for depth := q.slashes; depth > 0; depth = (depth - 1) / 2 {
		if n%2 == 0 {
			return true
		}
		n = (n - 1) / 2
	}
	return n%2 == 0
}

func (s *slow) wordEnd(i, limit int) int {
	for limit = min(limit, len(s.text)); i < limit && !s.is(reStop, i); {
		switch n := s.at(reSlashes, i); {
		case n > 0:
			i += n
		default:
			i += max(1, s.at(reMark, i))
		}
	}
	return i
}

func (s *slow) word(v value) (int, bool) {
	if next, ok, done := s.marked(v); done {
		return next, ok
	}
	if s.empty(v.start) && !s.is(reStored, v.start) || s.is(reStop, v.start) {
		return 0, false
	}
	head := s.text[v.start:s.wordEnd(v.start, v.start+peek)]
	if keptSlowly(head, v.kind) || v.weak && !randomSlowly(head) || v.gap && s.isNextName(v.start) || s.isName(v.start) || s.is(reUserFlag, v.start) {
		return 0, false
	}
	end := s.wordEnd(v.start, len(s.text))
	if first := s.text[v.start:end]; len(first) <= maxScheme && rePlainScheme.MatchString(first) {
		end = s.credentials(end)
	}
	return s.mask(v.start, end, v.kind)
}

func (s *slow) empty(i int) bool { return i >= len(s.text) || s.text[i] == '{' || s.is(reStop, i) }

func (s *slow) marked(v value) (next int, ok, done bool) {
	n := s.at(reMarks, v.start)
	if n < 0 {
		return 0, false, false
	}
	end := v.start + n
	if end == len(s.text) || s.is(reStop, end) || v.weak || v.gap || v.kind == Authorization || v.kind == Cookie {
		next, ok = s.pass(end)
	} else {
		next, ok = s.mask(v.start, s.wordEnd(end, len(s.text)), v.kind)
	}
	return next, ok, true
}

func randomSlowly(w string) bool {
	w = beforeMarkSlowly(w[:min(len(w), peek)])
	return len(w) >= 8 && !reDay.MatchString(w) && (reTelling.MatchString(w) || len(w) >= 32)
}

func beforeMarkSlowly(w string) string {
	return reFromMark.ReplaceAllString(w, "")
}

func (s *slow) isNextName(i int) bool {
	if n := s.at(reNextName, i); n > 0 {
		return i+n < len(s.text) && s.text[i+n] != '=' && (!s.is(reStop, i+n) || s.is(reQuotedMark, i+n))
	}
	return s.is(reNextMark, i)
}

func (s *slow) isName(i int) bool {
	for _, st := range slowStems {
		if end := s.stem(st, i); end > 0 && s.is(reOp, end+s.at(reSuffix, end)) {
			return true
		}
	}
	return false
}

var (
	reQuotedMark  = expr("[\"'`})\\]>]" + markE)
	reBlanks      = expr(`[ \t]{1,4}`)
	reScheme      = regexp.MustCompile(`^(?i:basic|bearer|token|digest|negotiate|ntlm|aws|obs|apikey|appcode|key|jwt|oauth|(?:[a-z0-9]{1,8}-)?hmac(?:-[a-z0-9]{1,12})?)$`)
	rePlainScheme = regexp.MustCompile(`^(?i:basic|bearer|digest|negotiate|(?:[a-z0-9]{1,8}-)?hmac(?:-[a-z0-9]{1,12})?)$`)
	reParam       = expr(`,?[ \t]{0,4}~(?:access|credential|signed[-_. ]?headers|signature|username|realm|nonce|uri|response|opaque|qop|nc|cnonce|algorithm|key[-_. ]?id|headers|mac)~=`)
	reToken68     = expr(`[A-Za-z0-9+/_.~=-]{0,64}`)
	reID          = regexp.MustCompile(`^[0-9a-fA-F-]*$`)
	reLetters     = regexp.MustCompile(`^[A-Za-z-]*$`)
)

func (s *slow) authorization(v value) (int, bool) {
	if next, ok, done := s.marked(v); done {
		return next, ok
	}
	if s.empty(v.start) || s.is(reUserFlag, v.start) {
		return 0, false
	}
	end := s.wordEnd(v.start, v.start+peek)
	first := s.text[v.start:end]
	blank := max(0, s.at(reBlanks, end))
	switch {
	case keptSlowly(first, v.kind):
	case len(first) <= maxScheme && reScheme.MatchString(first):
		if last := s.credentials(end); last > end {
			return s.mask(v.start, last, v.kind)
		}
	case randomSlowly(first):
		return s.mask(v.start, s.listed(s.wordEnd(v.start, len(s.text))), v.kind)
	case blank > 0 && len(first) <= maxScheme && reLetters.MatchString(first):
		from := end + blank
		second := s.text[from : from+s.at(reToken68, from)]
		if randomSlowly(second) && !keptSlowly(second, v.kind) && !reID.MatchString(second) && (len(second) == peek || from+len(second) == len(s.text) || s.is(reStop, from+len(second))) {
			return s.mask(v.start, s.wordEnd(from, len(s.text)), v.kind)
		}
	}
	return 0, false
}

// credentials returns the end of what follows a scheme that ends at i.
func (s *slow) credentials(i int) int {
	from := i + max(0, s.at(reBlanks, i))
	if from == i || from >= len(s.text) {
		return i
	}
	if last := s.listed(from); last > from {
		return last
	}
	if s.is(reStop, from) || s.is(reUserFlag, from) || keptSlowly(s.text[from:s.wordEnd(from, from+peek)], Authorization) {
		return i
	}
	end := s.wordEnd(from, len(s.text))
	if word := s.text[from:end]; len(word) <= maxScheme && rePlainScheme.MatchString(word) {
		return s.credentials(end)
	}
	return s.listed(end)
}

func (s *slow) listed(i int) int {
	for {
		n := s.at(reParam, i)
		if n < 0 {
			return i
		}
		i += n
		if q, next := s.quote(i); q.mark != "" {
			_, i = s.close(q, next)
		}
		i = s.wordEnd(i, len(s.text))
	}
}

var (
	reExpires = regexp.MustCompile(`(?i:(?:^|;)expires=[a-z]{3,9},?$)`)
	reDate    = expr(`,? [0-9]{1,2}[ -][A-Za-z]{3}[ -][0-9]{2,4} [0-9:]{5,8} GMT;?`)
)

func (s *slow) pairEnd(i, limit int) int {
	for {
		i = s.wordEnd(i, limit)
		if i >= limit || i >= len(s.text) || s.text[i] != ';' {
			return i
		}
		i++
	}
}

func (s *slow) cookie(v value) (int, bool) {
	if next, ok, done := s.marked(v); done {
		return next, ok
	}
	if s.empty(v.start) {
		return 0, false
	}
	head := s.text[v.start:s.pairEnd(v.start, v.start+peek)]
	if keptSlowly(head, v.kind) || !randomSlowly(head) && !strings.Contains(beforeMarkSlowly(head), "=") {
		return 0, false
	}
	for end := v.start; ; {
		from := end
		end = s.pairEnd(end, len(s.text))
		if reExpires.MatchString(s.text[from:end]) {
			end += max(0, s.at(reDate, end))
		}
		blank := s.at(reBlanks, end)
		if end == from || s.text[end-1] != ';' || blank < 0 || s.empty(end+blank) && !strings.HasPrefix(s.text[end+blank:], "{") {
			return s.mask(v.start, end, v.kind)
		}
		end += blank
	}
}
