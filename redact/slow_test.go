package redact

import (
	"fmt"
	"regexp"
	"strings"
)

// slow masks as Redactor does, the obvious way: at every byte it tries every rule, each a regular expression. It is what the
// fast one is held against, and what a reader compares with docs/redaction.md.
type slow struct {
	text   string
	emails bool
	floor  int
	out    strings.Builder
	copied int
	next   []value // behind names that were masked, the last one counts
}

func slowly(text string, emails bool) string {
	for range 1 + maxAgain {
		masked := slowlyOnce(text, emails)
		if masked == text {
			break
		}
		text = masked
	}
	return text
}

func slowlyOnce(text string, emails bool) string {
	s := &slow{text: text, emails: emails}
	for i := 0; i < len(text)-2; {
		next, ok := s.rules(i)
		for len(s.next) > 0 {
			v := s.next[len(s.next)-1]
			s.next = nil
			if behind, ok := s.value(v); ok {
				next = max(next, behind)
			}
		}
		if !ok {
			next = i + 1
		}
		i = next
	}
	return s.out.String() + text[s.copied:]
}

// expr compiles an expression that begins where it is looked for. ~word~ is a word in ASCII letters of any case.
func expr(e string) *regexp.Regexp {
	e = regexp.MustCompile(`~[^~]+~`).ReplaceAllStringFunc(e, func(w string) string {
		return regexp.MustCompile(`[a-z]`).ReplaceAllStringFunc(strings.Trim(w, "~"), func(c string) string {
			return "[" + c + strings.ToUpper(c) + "]"
		})
	})
	return regexp.MustCompile(`^(?:` + e + `)`)
}

// at returns the length of what e finds at i, -1 if nothing.
func (s *slow) at(e *regexp.Regexp, i int) int {
	if i > len(s.text) {
		return -1
	}
	if i < 0 {
		return -1
	}
	if loc := e.FindStringIndex(s.text[i:]); loc != nil {
		return loc[1]
	}
	return -1
}

func (s *slow) is(e *regexp.Regexp, i int) bool { return s.at(e, i) >= 0 }

// skip goes over e, up to n times.
func (s *slow) skip(e *regexp.Regexp, i, n int) int {
	for range n {
		m := s.at(e, i)
		if m <= 0 {
			break
		}
		i += m
	}
	return i
}

func (s *slow) mask(start, end int, kind Kind) (int, bool) {
	end = s.signed(start, end)
	s.out.WriteString(s.text[s.copied:start])
	fmt.Fprintf(&s.out, "[masked %v]", kind)
	s.tail(start, end)
	s.copied, s.floor = end, end
	return end, true
}

// signed takes the credentials along where their scheme was taken for a secret.
func (s *slow) signed(start, end int) int {
	if blank := s.at(reBlanks, end); blank > 0 && reScheme32.MatchString(s.text[start:end]) {
		if last := s.listed(end + blank); last > end+blank {
			return last
		}
	}
	return end
}

var reScheme32 = regexp.MustCompile(`[hH][mM][aA][cC][A-Za-z0-9-]{0,28}$`)

// tail looks for a name that was masked as part of a secret.
func (s *slow) tail(start, end int) {
	for i := max(start, end-maxTail); i < end; i++ {
		for _, st := range slowStems {
			if last := s.stem(st, i); last > 0 {
				v, ok := s.separator(i, last+s.at(reSuffix, last), st.header)
				if ok && v.start < end && v.quote.mark != "" {
					last, _ := s.close(v.quote, v.start)
					ok, v.start = last > end, end
				}
				if ok && v.start >= end {
					v.kind = st.kind
					v.weak = st.weak || st.inside && s.before(reAlone, i)
					s.next = append(s.next, v)
					return
				}
			}
		}
	}
}

func (s *slow) pass(end int) (int, bool) {
	s.floor = end
	return end, true
}

const (
	markE  = `\[masked (?:token|cookie|authorization|access_key|signature|authorization_message|signed_url|password|jwt|private_key|base64|email)\]`
	nameE  = `[A-Za-z0-9_.-]`
	runE   = `[A-Za-z0-9+/_-]`
	spaceE = "[\t\n\v\f\r ]"
	quoteE = "[\"'`]"
	keyE   = `-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----`
)

var (
	reMark    = expr(markE)
	reMarks   = expr(`(?:` + strings.Replace(markE, `private_key|`, ``, 1) + `)+`)
	reKey     = expr(keyE + `|\[masked private_key\]`)
	reQuote   = expr(`(\\{0,63})(` + quoteE + `|&quot;|&#34;|&#39;|&apos;|%22|%27)`)
	reEscaped = expr(`(\\{1,63})(u0022|u0027)`)
	reBlank   = expr(`[ \t]|(?:\x1b|\\{1,63}(?:u001[bB]|x1[bB]|033|e))\[[0-9;:?]{0,16}[A-Za-z]`)
	reGap     = expr(spaceE + `|\\{1,63}[nrt]`)
	reOp      = expr(`=>|:=|==|=|:|：|＝|%3[Aa]|%3[Dd]|&#61;|&#58;|\\{1,63}u003[adAD]`)
	reSuffix  = expr(`(?:[-_.]?~(?:value|new|old|confirm|hash|plain|text)~)?[0-9]{0,2}`)
	reSlashes = expr(`\\+`)
	reStop    = expr(spaceE + `|` + quoteE + `(?:$|` + spaceE + "|[,;:.)\\]}&\"'`\\\\><|]|" + markE + `)` +
		`|[})\]>](?:$|` + spaceE + "|[,;.:\"'`\\\\})\\]>&<]|" + markE + `)` +
		`|[,;&|](?:$|` + spaceE + "|[\"'`\\\\{}\\])#]|" + nameE + `{0,64}(?:[=:]|` + markE + `))` +
		`|&(?:amp|quot|apos|lt|gt);|</|\x1b\[|\\{1,63}(?:[nrt` + "\"'`" + `]|u00)|，|。|；|、|）|】|”|》|` + keyE + `|\[masked private_key\]`)
	reKept = regexp.MustCompile(`^(?:|[<(\[]?(?i:null|none|nil|undefined|true|false|redacted|masked|hidden|filtered|removed|omitted|empty)[>)\]]?|[<(\[]?(?:\*+|[xX]{3,})[>)\]]?` +
		`|(?:IS|APIGW?)\.[0-9]{4}[.:]*|ModelArts\.[0-9]{4,8}[.:]*)$`)
	reCount    = regexp.MustCompile(`^[0-9]{1,5}$`)
	reDay      = expr(`[0-9]{4}-[0-9]{2}-[0-9]{2}`)
	reTelling  = regexp.MustCompile(`[0-9]|[a-z][A-Z]`)
	reNextName = expr(`[A-Za-z_.-]{1,64}=`)
	reNextMark = expr(`[A-Za-z_.-]{1,64}` + markE)
	reEdge     = regexp.MustCompile(`(?:^|[^A-Za-z0-9]|\\[nrtbfvae]|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}|[\x1bb3e]\[[0-9;:?]{0,16}[mK])$`)
	reAlone    = regexp.MustCompile(`(?:^|[^A-Za-z0-9_-]|\\[nrtbfvae]|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2}|[\x1bb3e]\[[0-9;:?]{0,16}[mK])$`)
	reCamel    = regexp.MustCompile(`[a-z0-9][A-Z]$`)
	reInName   = regexp.MustCompile(`[-_.]$`)
	rePassNext = expr(`[="'\\` + "`]")
	reFlag     = regexp.MustCompile(`(?:^|[^A-Za-z0-9_.-])--[A-Za-z0-9_-]{0,62}$`)
)

type slowStem struct {
	word   *regexp.Regexp
	kind   Kind
	edge   bool
	weak   bool // never, or only where the name begins with it
	inside bool
	header bool
	pass   bool
}

var slowStems = []slowStem{
	{word: expr(`~access~[-_. ]?~key~[-_. ]?~secret~`), kind: AccessKey},
	{word: expr(`~access~[-_. ]?~key~[-_. ]?~id~`), kind: AccessKey},
	{word: expr(`~(?:access|account|encryption|private)~[-_. ]?~key~`), kind: AccessKey},
	{word: expr(`~(?:api|app)~[-_. ]?~key~`), kind: AccessKey, edge: true},
	{word: expr(`~app~[-_. ]?~code~`), kind: AccessKey, edge: true},
	{word: expr(`~authorization~`), kind: Authorization, header: true},
	{word: expr(`~cookie~`), kind: Cookie, header: true},
	{word: expr(`~credentials~`), kind: Signature, weak: true},
	{word: expr(`~credential~`), kind: Signature, weak: true},
	{word: expr(`~encoded~[-_. ]?~authorization~[-_. ]?~message~`), kind: AuthorizationMessage},
	{word: expr(`~jsessionid~`), kind: Cookie},
	{word: expr(`~pass~[-_. ]?~(?:phrase|code|word)~|~passwd~|密码|口令`), kind: Password},
	{word: expr(`~pass~`), kind: Password, pass: true},
	{word: expr(`~pwd~`), kind: Password, edge: true},
	{word: expr(`~secret~[-_. ]?~access~[-_. ]?~key~`), kind: AccessKey},
	{word: expr(`~secret~[-_. ]?~key~`), kind: AccessKey},
	{word: expr(`~secret~`), kind: AccessKey},
	{word: expr(`~signature~`), kind: Signature, weak: true},
	{word: expr(`~(?:a|s)k~`), kind: AccessKey, edge: true},
	{word: expr(`~token~`), kind: Token, inside: true, header: true},
}

func (s *slow) before(e *regexp.Regexp, i int) bool { return e.MatchString(s.text[s.back(i):i]) }

// back is as far as an expression may look back: further than any does.
func (s *slow) back(i int) int { return max(s.floor, i-400) }

func (s *slow) camel(i int) bool { return reCamel.MatchString(s.text[s.back(i) : i+1]) }

func (s *slow) edge(i int) bool { return s.before(reEdge, i) || s.camel(i) }

func (s *slow) stem(st slowStem, i int) int {
	n := s.at(st.word, i)
	if n < 0 || st.edge && !s.edge(i) || st.pass && !(s.before(reInName, i) || s.camel(i) || s.edge(i) && s.is(rePassNext, i+n)) {
		return -1
	}
	return i + n
}

func (s *slow) key(i int) (int, bool) {
	for _, st := range slowStems {
		end := s.stem(st, i)
		if end < 0 {
			continue
		}
		v, ok := s.separator(i, end+s.at(reSuffix, end), st.header)
		if !ok {
			continue
		}
		v.kind = st.kind
		v.weak = st.weak || st.inside && s.before(reAlone, i)
		if next, ok := s.value(v); ok {
			return next, true
		}
	}
	return 0, false
}

func (s *slow) quote(i int) (quote, int) {
	for _, e := range []*regexp.Regexp{reQuote, reEscaped} {
		if m := e.FindStringSubmatch(s.text[i:]); m != nil {
			if len(m[1]) > 0 && len(m[2]) > 1 && m[2][0] != 'u' {
				continue
			}
			return quote{m[2], len(m[1])}, i + len(m[0])
		}
	}
	return quote{}, i
}

func (s *slow) separator(stem, i int, header bool) (v value, ok bool) {
	q, i := s.quote(i)
	quoted := q.mark != ""
	if quoted && strings.HasPrefix(s.text[i:], "]") {
		i++
	}
	from := i
	i = s.skip(reBlank, i, maxBlanks)
	spaced := i > from
	if n := s.at(reOp, i); n > 0 {
		v.start = s.skip(reBlank, i+n, maxBlanks)
		v.gap = s.text[i] == '=' && !spaced && v.start > i+n
		for range maxOpeners {
			m := s.at(reOpener, v.start)
			if m < 0 || s.is(reMark, v.start) {
				break
			}
			v.list, v.start = true, s.skip(reGap, v.start+m, maxBlanks)
		}
		s.openQuote(&v)
		return v, true
	}
	rest := s.text[i:]
	switch {
	case strings.HasPrefix(rest, ">") && !spaced:
		return value{start: i + 1, xml: true}, true
	case strings.HasPrefix(rest, ",") && quoted && header, strings.HasPrefix(rest, "(") && !quoted && !spaced:
		v.start = s.skip(reBlank, i+1, maxBlanks)
		s.openQuote(&v)
		return v, v.quote.mark != ""
	case spaced && !quoted && rest != "" && rest[0] != '-' && reFlag.MatchString(s.text[s.back(stem):stem]):
		v.start = i
		s.openQuote(&v)
		return v, true
	}
	return v, false
}

var (
	reOpener = expr(`\[\]string\{|\[`)
	rePrefix = expr(`[bBuUrRfF]{0,2}`)
)

func (s *slow) openQuote(v *value) {
	for _, from := range []int{v.start + s.at(rePrefix, v.start), v.start} {
		if q, next := s.quote(from); q.mark != "" {
			v.quote, v.start = q, next
			return
		}
	}
}
