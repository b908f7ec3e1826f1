package redact

import "bytes"

// span is a secret: text[start:end].
type span struct {
	start, end int
	kind       Kind
}

// scanner is one pass over a text.
type scanner struct {
	text []byte
	// floor is where the last span or mark ended. No rule looks back over it, so that it makes no difference whether a secret
	// or the mark in its place stands there.
	floor int

	next    value // what stands behind a name that was masked as part of something else
	hasNext bool

	dst    []byte // text[:copied], masked
	copied int
	counts counts
	// spans, if not nil, is given each secret instead.
	spans *[]span
	from  int // but not what ends before here
}

// scan finds each secret, in the order of the text. They do not overlap.
//
// Whether text[p] is masked can be told from text[:p+lookahead]: more of the text never shows a byte less. Excerpt is built on this.
func (s *scanner) scan(emails bool) {
	text := s.text
	last := len(text) - 2 // one past the last place where three bytes begin
	blob, at := nextBlob(text, 0), len(text)
	if emails {
		at = nextByte(text, 0, '@')
	}
	for i := 0; i < last; {
		limit := min(last, blob, at)
		i = nextTrigger(text, i, limit)
		if i >= last {
			return
		}
		end := i
		if triggers[fold3(text, i)] {
			end = s.rules(i)
		}
		if end == i && i == blob {
			if end = s.blob(i); end == i {
				blob = nextBlob(text, while(text, i, i+minBlob, isRun))
			}
		}
		if end == i && i == at {
			end = s.email(i)
		}
		for s.hasNext { // see tail
			s.hasNext = false
			end = max(end, s.value(s.next))
		}
		if end == i {
			i++
		} else if i = end; i == s.floor && isBlob(text, i) {
			blob = i
		}
		if blob < i {
			blob = nextBlob(text, i)
		}
		if at < i {
			at = nextByte(text, i, '@')
		}
	}
}

func nextByte(text []byte, i int, c byte) int {
	if n := bytes.IndexByte(text[i:], c); n >= 0 {
		return i + n
	}
	return len(text)
}

// mask takes a secret, and returns its end, where reading goes on.
func (s *scanner) mask(start, end int, kind Kind) int {
	end = s.signed(start, end)
	s.tail(start, end)
	s.floor = end
	if s.spans != nil {
		if end > s.from {
			*s.spans = append(*s.spans, span{start, end, kind})
		}
		return end
	}
	s.counts[kind]++
	s.dst = append(append(s.dst, s.text[s.copied:start]...), marks[kind]...)
	s.copied = end
	return end
}

// pass goes on behind a mark that is already there.
func (s *scanner) pass(end int) int {
	s.floor = end
	return end
}

// rules tries what may begin at i, and returns where to go on: i if no rule applies. The order matters only where two rules begin at the
// same byte.
func (s *scanner) rules(i int) int {
	text := s.text
	c := text[i]
	switch {
	case c == '[':
		if n := markAt(text, i); n > 0 {
			return s.pass(i + n)
		}
		return i
	case c == '-':
		if end := s.pem(i); end > i {
			return end
		}
		return s.userFlag(i)
	case c == ':':
		return s.userinfo(i)
	}
	if end := s.query(i); end > i {
		return end
	}
	if end := s.key(i); end > i {
		return end
	}
	if end := s.scheme(i); end > i {
		return end
	}
	if end := s.hmac(i); end > i {
		return end
	}
	return s.bare(i)
}

// triggers holds the first three bytes of whatever a rule may begin with, folded to five bits each: that makes letters of
// both cases one, and lets some others pass, which costs a look at them.
var triggers = func() *[1 << 15]bool {
	t := new([1 << 15]bool)
	for _, w := range []string{
		markHead, "-----", "-u ", "-u=", "-u\t", "--user", "--proxy-user", "://", "bearer", "basic", "hmac", "eyJ", "MII", "x-amz", "x-obs", "expires",
	} {
		t[fold3([]byte(w), 0)] = true
	}
	for _, list := range stems {
		for _, st := range list {
			if len(st.word) > 2 {
				t[fold3([]byte(st.word), 0)] = true
				continue
			}
			for c := range 32 {
				t[fold3([]byte{st.word[0], st.word[1], byte(c)}, 0)] = true
			}
		}
	}
	return t
}()

func fold3(b []byte, i int) int {
	return int(b[i]&31)<<10 | int(b[i+1]&31)<<5 | int(b[i+2]&31)
}

// nextTrigger returns the first place at or after i where a rule may apply, or limit. limit+2 is within the text.
func nextTrigger(text []byte, i, limit int) int {
	if i >= limit {
		return limit
	}
	h := int(text[i]&31)<<5 | int(text[i+1]&31)
	for k, c := range text[i+2 : limit+2] {
		h = (h<<5 | int(c&31)) & (1<<15 - 1)
		if triggers[h] {
			return i + k
		}
	}
	return limit
}
