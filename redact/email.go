package redact

import "regexp"

// maxLocal is the longest name before the @ (RFC 5321), maxDomain the longest domain.
const (
	maxLocal  = 64
	maxDomain = 255
)

var domain = regexp.MustCompile(`^@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z]{2,24}`)

// email masks the address whose @ is at i.
func (s *scanner) email(i int) int {
	from := i
	for from > s.floor && i-from < maxLocal && (isName(s.text[from-1]) || s.text[from-1] == '+') {
		from--
	}
	from = s.escapeEnd(from, i)
	m := domain.Find(s.text[i:min(len(s.text), i+1+maxDomain)])
	if m == nil || from >= i {
		return i
	}
	return s.mask(from, i+len(m), Email)
}
