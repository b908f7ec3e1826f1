// Package redact takes secrets out of text before it is kept or shown: log lines, excerpts of them, error messages, and
// the exporter's own log. docs/redaction.md says what is masked and what is not.
//
// A text is read from left to right; where there was a secret, what is left is read once more. A filter over three bytes at a time finds the places where a rule may apply; the
// rules look at those places only. Each rule either masks what it has looked at, or looks at a bounded number of bytes, so
// that the time is linear in the length of the text, whatever it holds.
package redact

// Options are what a Redactor can be asked for.
type Options struct {
	// Emails masks e-mail addresses too.
	Emails bool
	// Count is told how many secrets of a kind were masked, once for each kind and call. It may be called by several
	// goroutines at once. Nil is fine.
	Count func(kind Kind, n int)
}

// Redactor masks secrets. It is safe for use by several goroutines. The zero value masks everything but e-mail addresses
// and tells nobody.
type Redactor struct {
	options Options
}

// New returns a Redactor with the options.
func New(options Options) *Redactor { return &Redactor{options: options} }

// Text appends src to dst with every secret replaced by a mark such as "[masked token]", and returns the extended slice. All
// other bytes are those of src, valid UTF-8 or not; use Excerpt for what is shown. dst must not overlap src. Masking a
// second time changes nothing.
func (r *Redactor) Text(dst, src []byte) []byte {
	from := len(dst)
	s := scanner{text: src, dst: dst}
	s.scan(r.options.Emails)
	r.tell(&s.counts)
	s.dst = append(s.dst, src[s.copied:]...)
	dst = s.dst
	for range maxAgain {
		if s.floor == 0 {
			break // there was nothing, or nothing new
		}
		again := scanner{text: dst[from:]}
		again.scan(r.options.Emails)
		if again.copied == 0 {
			break
		}
		dst = append(dst[:from], append(again.dst, again.text[again.copied:]...)...)
	}
	return dst
}

// maxAgain is how often what has been masked is looked at again. The rules are made so that once is enough. Where a mark makes two
// texts that never belonged together look as if they did, a little more is masked, which the second look finds and the third confirms.
const maxAgain = 8

// String does what Text does. It returns s itself if there is nothing to mask.
func (r *Redactor) String(s string) string {
	if masked := r.Text(nil, []byte(s)); string(masked) != s {
		return string(masked)
	}
	return s
}

type counts [kinds]int

func (r *Redactor) tell(c *counts) {
	if r.options.Count == nil {
		return
	}
	for k, n := range c {
		if n > 0 {
			r.options.Count(Kind(k), n)
		}
	}
}
