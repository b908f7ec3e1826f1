package catalog

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

//go:embed codes.json
var embedded []byte

// status is the HTTP status that the published table gives for every code.
const status = 400

// file is the shape of codes.json.
type file struct {
	Families   []Family    `json:"families"`
	Categories []Category  `json:"categories"`
	Others     Others      `json:"others"`
	Inferred   []inferred  `json:"inferred"`
	Codes      []codeEntry `json:"codes"`
}

// codeEntry is a code as the file has it: what follows from something else (family, actor) is left out.
type codeEntry struct {
	Code        string       `json:"code"`
	Message     string       `json:"message"`
	Description string       `json:"description"`
	Solution    string       `json:"solution"`
	Category    string       `json:"category"`
	Retryable   bool         `json:"retryable"`
	Severity    Severity     `json:"severity"`
	Reason      string       `json:"reason"`
	Causes      []causeEntry `json:"causes"`
}

type causeEntry struct {
	Words     string   `json:"words"`
	Message   string   `json:"message"`
	Solution  string   `json:"solution"`
	Category  string   `json:"category"`
	Retryable *bool    `json:"retryable"`
	Severity  Severity `json:"severity"`
}

// inferred is a code that borrows from another one; its own texts win where it has any.
type inferred struct {
	Code     string `json:"code"`
	From     string `json:"from"`
	Message  string `json:"message"`
	Solution string `json:"solution"`
}

// Load returns the embedded catalog with what overlays say, which is reported as Problems if it cannot be. Everything that is wrong
// is reported, not only the first.
func Load(overlays ...Overlay) (*Catalog, error) { return parse(embedded, overlays...) }

func parse(data []byte, overlays ...Overlay) (*Catalog, error) {
	var f file
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	b := builder{
		cat:  &Catalog{byName: map[string]*Code{}, families: f.Families, categories: f.Categories, others: f.Others},
		seen: map[string]bool{}, overlays: overlays, placed: map[string]*placed{}, used: map[string]bool{}, broken: map[string]bool{},
	}
	b.checkFrame()
	b.addFamilies()
	b.placeCodes()
	for _, e := range f.Codes {
		b.add(b.code(e))
	}
	for _, e := range f.Inferred {
		b.infer(e)
	}
	b.addCodes()
	if len(b.problems) > 0 {
		return nil, b.problems
	}
	if err := errors.Join(b.errs...); err != nil {
		return nil, fmt.Errorf("catalog: %w", err)
	}
	return b.cat, nil
}

// builder collects the codes and whatever is wrong with them.
type builder struct {
	cat  *Catalog
	seen map[string]bool
	errs []error // of the embedded table

	overlays []Overlay
	placed   map[string]*placed // what overlays say, by code
	order    []string           // of placed, as they stand there
	used     map[string]bool    // of placed, those that were listed before
	broken   map[string]bool    // prefixes of families that something is wrong with
	problems Problems
}

func (b *builder) problem(overlay int, path, format string, args ...any) {
	b.problems = append(b.problems, Problem{overlay, path, fmt.Sprintf(format, args...)})
}

func (b *builder) errorf(format string, args ...any) {
	b.errs = append(b.errs, fmt.Errorf(format, args...))
}

// checkFrame checks what the codes refer to: families, categories and the entry for everything else.
func (b *builder) checkFrame() {
	prefixes := map[string]bool{}
	for _, f := range b.cat.families {
		if f.Name == "" || f.Title == "" || len(f.Spellings) == 0 {
			b.errorf("family %q: name, title and spellings are needed", f.Name)
		}
		for _, s := range f.Spellings {
			switch {
			case prefixes[s.Prefix]:
				b.errorf("family %s: prefix %q is used twice", f.Name, s.Prefix)
			case s.Prefix == "" || strings.Trim(s.Prefix, letters) != "":
				b.errorf("family %s: prefix %q is not made of ASCII letters", f.Name, s.Prefix)
			case s.MinDigits < 4 || s.MaxDigits < s.MinDigits:
				b.errorf("family %s: %d to %d digits: at least 4 are needed, and no fewer at most than at least", f.Name, s.MinDigits, s.MaxDigits)
			}
			prefixes[s.Prefix] = true
		}
	}
	names := map[string]bool{}
	for _, c := range b.cat.categories {
		if c.Name == "" || c.Actor == "" || c.Action == "" {
			b.errorf("category %q: name, actor and action are needed", c.Name)
		}
		if names[c.Name] {
			b.errorf("category %s: listed twice", c.Name)
		}
		names[c.Name] = true
	}
	b.cat.others.Actor = b.actor("others", b.cat.others.Category)
	b.severity("others", b.cat.others.Severity)
}

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

func (b *builder) actor(where, category string) string {
	c, ok := b.cat.Category(category)
	if !ok {
		b.errorf("%s: no category %q", where, category)
	}
	return c.Actor
}

func (b *builder) severity(where string, s Severity) {
	if s != Critical && s != Warning && s != Info {
		b.errorf("%s: severity %q is not critical, warning or info", where, s)
	}
}

func (b *builder) code(e codeEntry) *Code {
	c := &Code{
		Name: e.Code, Family: b.family(e.Code), Status: status,
		Message: e.Message, Description: e.Description, Solution: e.Solution,
		Category: e.Category, Actor: b.actor(e.Code, e.Category), Retryable: e.Retryable, Severity: e.Severity, Reason: e.Reason,
	}
	b.severity(e.Code, e.Severity)
	for _, cause := range e.Causes {
		c.Causes = append(c.Causes, b.cause(c, cause))
	}
	b.change(c)
	return c
}

func (b *builder) cause(c *Code, e causeEntry) Cause {
	where := fmt.Sprintf("%s: cause %q", c.Name, e.Words)
	if e.Words == "" || e.Words != strings.ToLower(e.Words) || e.Solution == "" {
		b.errorf("%s: words in lower case and a solution are needed", where)
	}
	for _, have := range c.Causes {
		if strings.Contains(e.Words, have.Words) {
			b.errorf("%s: can never be told, since %q is looked for first", where, have.Words)
		}
	}
	cause := Cause{Words: e.Words, Message: cmp.Or(e.Message, c.Message), Solution: e.Solution, Category: c.Category, Retryable: c.Retryable, Severity: c.Severity}
	if e.Category != "" {
		cause.Category = e.Category
	}
	if e.Retryable != nil {
		cause.Retryable = *e.Retryable
	}
	if e.Severity != "" {
		cause.Severity = e.Severity
	}
	b.severity(where, cause.Severity)
	cause.Actor = b.actor(where, cause.Category)
	return cause
}

// add files a code that is complete.
func (b *builder) add(c *Code) {
	if b.seen[c.Name] {
		b.errorf("%s: listed twice", c.Name)
	}
	b.seen[c.Name] = true
	for what, text := range map[string]string{"message": c.Message, "description": c.Description, "solution": c.Solution, "reason": c.Reason} {
		if text == "" {
			b.errorf("%s: no %s", c.Name, what)
		}
	}
	b.cat.byName[c.Name] = c
	if c.Muted {
		b.cat.muted = append(b.cat.muted, c)
		return
	}
	b.cat.codes = append(b.cat.codes, c)
}

func (b *builder) infer(e inferred) {
	from, ok := b.cat.byName[e.From]
	if !ok {
		b.errorf("%s: inferred from %q, which is not listed", e.Code, e.From)
		return
	}
	c := *from
	c.Name, c.Family, c.InferredFrom = e.Code, b.family(e.Code), e.From
	if e.Message != "" {
		c.Message = e.Message
	}
	if e.Solution != "" {
		c.Solution = e.Solution
	}
	c.Description = fmt.Sprintf("Inferred from %s, which has the same number; the gateway's own list of error codes has the last word. %s", e.From, c.Message)
	c.Reason = fmt.Sprintf("Inferred from %s: %s", e.From, from.Reason)
	b.change(&c)
	b.add(&c)
}

// family finds the family that a code's spelling belongs to.
func (b *builder) family(code string) string {
	family, problem := b.spelling(code)
	if problem != "" {
		b.errorf("%s", problem)
	}
	return family
}

// spelling finds the family that a code's spelling belongs to, or says why there is none.
func (b *builder) spelling(code string) (family, problem string) {
	prefix, digits, dotted := strings.Cut(code, ".")
	for _, f := range b.cat.families {
		for _, s := range f.Spellings {
			switch {
			case s.Prefix != prefix:
			case !dotted || strings.Trim(digits, "0123456789") != "" || len(digits) < s.MinDigits || len(digits) > s.MaxDigits:
				return "", fmt.Sprintf("%q is no code of family %s: after %q come %s digits", code, f.Name, s.Prefix+".", Digits{s.MinDigits, s.MaxDigits})
			case strings.Trim(digits, "0") == "":
				return "", fmt.Sprintf("%q means success and is never counted: leave it out", code)
			default:
				return f.Name, ""
			}
		}
	}
	return "", fmt.Sprintf("%q is not spelled like a code of any family: add a family with the prefix %q under families, or correct the spelling", code, prefix)
}
