package catalog

import (
	"cmp"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var language = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$`)

// placed is what overlays say of a code, and where.
type placed struct {
	*CodeOverlay
	overlay int
	at      string
}

// placeCodes finds for each code what is said of it. What is said twice is reported.
func (b *builder) placeCodes() {
	for i := range b.overlays {
		o := &b.overlays[i]
		for j := range o.Codes {
			p := &placed{&o.Codes[j], i, fmt.Sprintf("codes[%d]", j)}
			first, twice := b.placed[p.Code]
			switch {
			case p.Code == "":
				b.problem(i, p.at, "an entry without a code: add code, such as IS.4006")
				continue
			case twice && first.overlay == i:
				b.problem(i, p.at+".code", "%s is here twice: say it all in one entry", p.Code)
				continue
			case twice:
				b.problem(i, p.at+".code", "%s is in %s already: say it all in one entry", p.Code, b.overlays[first.overlay].Name)
				continue
			}
			b.placed[p.Code] = p
			b.order = append(b.order, p.Code)
		}
	}
}

func (b *builder) report(p *placed, field, format string, args ...any) {
	b.problem(p.overlay, p.at+field, format, args...)
}

// change applies to a code that is listed what overlays say of it.
func (b *builder) change(c *Code) {
	p := b.placed[c.Name]
	if p == nil {
		return
	}
	b.used[c.Name] = true
	words := []struct {
		field string
		given bool
	}{
		{"status", p.Status != 0},
		{"message", p.Message != ""},
		{"description", p.Description != ""},
		{"solution", p.Solution != ""},
		{"causes", len(p.Causes) > 0},
	}
	for _, w := range words {
		if w.given {
			b.report(p, "."+w.field, "the %s of %s is that of the published table and stays: put words of your own under texts, or behind a link under runbook", w.field, c.Name)
		}
	}
	b.checkEntry(p)
	b.modify(c, p)
}

// modify sets what an entry changes.
func (b *builder) modify(c *Code, p *placed) {
	before := *c
	c.Overlay = b.overlays[p.overlay].Name
	c.Muted = c.Muted || p.Mute
	if p.Category != "" {
		c.Category = p.Category
		c.Actor = b.actorOf(p.Category)
	}
	c.Actor = cmp.Or(p.Actor, c.Actor)
	c.Severity = cmp.Or(p.Severity, c.Severity)
	c.Runbook = cmp.Or(p.Runbook, c.Runbook)
	c.Reason = cmp.Or(p.Reason, c.Reason)
	if p.Retryable != nil {
		c.Retryable = *p.Retryable
	}
	if len(p.Texts) > 0 {
		texts := maps.Clone(c.Texts)
		if texts == nil {
			texts = map[string]Text{}
		}
		maps.Copy(texts, p.Texts)
		c.Texts = texts
	}
	// Causes follow where they do not differ from the code.
	c.Causes = slices.Clone(c.Causes)
	for i := range c.Causes {
		cause := &c.Causes[i]
		if cause.Category == before.Category {
			cause.Category, cause.Actor = c.Category, c.Actor
		}
		if cause.Severity == before.Severity {
			cause.Severity = c.Severity
		}
		if cause.Retryable == before.Retryable {
			cause.Retryable = c.Retryable
		}
	}
}

// addCodes adds the codes of overlays that are not listed.
func (b *builder) addCodes() {
	added := 0
	for _, name := range b.order {
		if b.used[name] {
			continue
		}
		p := b.placed[name]
		before := len(b.problems)
		family, problem := b.spelling(name)
		if prefix, _, _ := strings.Cut(name, "."); problem != "" && !b.broken[prefix] {
			b.report(p, ".code", "%s", problem)
		}
		if p.Mute {
			b.checkEntry(p)
		} else {
			b.checkAdded(p)
		}
		if added++; added == MaxAddedCodes+1 {
			b.report(p, "", "more than %d codes are added: each has series of its own in every source", MaxAddedCodes)
		}
		if len(b.problems) > before {
			continue
		}
		c := &Code{Name: name, Family: family, Status: p.Status, Added: true}
		c.Message = cmp.Or(p.Message, "Not in the published table.")
		c.Description = cmp.Or(p.Description, c.Message)
		c.Category, c.Severity = cmp.Or(p.Category, b.cat.others.Category), cmp.Or(p.Severity, Warning)
		category, _ := b.cat.Category(c.Category)
		c.Actor, c.Solution = category.Actor, cmp.Or(p.Solution, category.Action)
		c.Reason = cmp.Or(p.Reason, "Added by "+b.overlays[p.overlay].Name)
		b.modify(c, p)
		for i := range p.Causes {
			if cause, ok := b.addedCause(c, p, i); ok {
				c.Causes = append(c.Causes, cause)
			}
		}
		b.add(c)
	}
}

// checkAdded reports what is wrong with an entry that adds a code.
func (b *builder) checkAdded(p *placed) {
	if p.Message == "" || p.Category == "" {
		b.report(p, "", "%s is in no table: to add it, say at least its message and its category", p.Code)
	}
	if p.Status != 0 && (p.Status < 100 || p.Status > 599) {
		b.report(p, ".status", "HTTP status %d: 100 to 599 is possible", p.Status)
	}
	b.checkTexts(p, "", Text{p.Message, p.Description, p.Solution})
	b.checkEntry(p)
}

// checkEntry reports what is wrong with what every entry may say.
func (b *builder) checkEntry(p *placed) {
	changes := p.Category != "" || p.Actor != "" || p.Severity != "" || p.Retryable != nil || p.Runbook != "" || p.Reason != ""
	words := p.Message != "" || p.Description != "" || p.Solution != "" || p.Status != 0 || len(p.Causes) > 0 || len(p.Texts) > 0
	switch {
	case p.Mute && (changes || words):
		b.report(p, ".mute", "%s is muted, so nothing else that is said of it has any effect: leave out mute, or the rest", p.Code)
	case !p.Mute && !changes && !words && len(p.Samples) == 0:
		b.report(p, "", "the entry of %s says nothing: add what it changes, such as severity, or mute: true", p.Code)
	}
	if p.Category != "" {
		b.knownCategory(p.overlay, p.at+".category", p.Category)
	}
	b.knownSeverity(p.overlay, p.at+".severity", p.Severity)
	if !fitsLine(p.Actor) {
		b.report(p, ".actor", "the actor has several lines or more than %d bytes: it becomes a label, so name who acts in a few words", maxLine)
	}
	if p.Runbook != "" && !isLink(p.Runbook) {
		b.report(p, ".runbook", "runbook %q is no link: write one such as https://wiki.example.com/frozen-account", p.Runbook)
	}
	if len(p.Reason) > maxText {
		b.report(p, ".reason", "the reason has more than %d bytes: shorten it", maxText)
	}
	for _, tag := range slices.Sorted(maps.Keys(p.Texts)) {
		switch at := ".texts." + tag; {
		case !language.MatchString(tag):
			b.report(p, at, "%q is no language: write a tag such as zh, zh-CN or de", tag)
		case p.Texts[tag] == Text{}:
			b.report(p, at, "there is no text in %s: say message, description or solution", tag)
		default:
			b.checkTexts(p, at, p.Texts[tag])
		}
	}
}

func (b *builder) checkTexts(p *placed, at string, t Text) {
	for _, one := range []struct{ field, text string }{{"message", t.Message}, {"description", t.Description}, {"solution", t.Solution}} {
		if len(one.text) > maxText {
			b.report(p, at+"."+one.field, "the %s has more than %d bytes: shorten it, and put the rest behind a link under runbook", one.field, maxText)
		}
	}
}

// isLink says whether a text can stand in an alert as a link.
func isLink(text string) bool {
	u, err := url.Parse(text)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" && len(text) <= 2048 && !strings.ContainsAny(text, "{}\"'`<>\\ \t\n")
}

// addedCause checks and completes one cause of an added code.
func (b *builder) addedCause(c *Code, p *placed, i int) (Cause, bool) {
	e, at, before := p.Causes[i], fmt.Sprintf(".causes[%d]", i), len(b.problems)
	switch {
	case e.Words == "":
		b.report(p, at, "a cause without words: say by which words of the log line it is told from the others")
	case e.Words != strings.ToLower(e.Words):
		b.report(p, at+".words", "words are compared in lower case: write %q", strings.ToLower(e.Words))
	}
	for _, have := range c.Causes {
		if e.Words != "" && strings.Contains(e.Words, have.Words) {
			b.report(p, at+".words", "%q can never be told, since %q is looked for first: put the longer one first", e.Words, have.Words)
		}
	}
	if e.Solution == "" && e.Category == "" && e.Message == "" {
		b.report(p, at, "a cause that says nothing: add message, solution or category")
	}
	if e.Category != "" {
		b.knownCategory(p.overlay, p.at+at+".category", e.Category)
	}
	b.knownSeverity(p.overlay, p.at+at+".severity", e.Severity)
	b.checkTexts(p, at, Text{Message: e.Message, Solution: e.Solution})
	cause := Cause{
		Words: e.Words, Message: cmp.Or(e.Message, c.Message), Solution: cmp.Or(e.Solution, c.Solution),
		Category: c.Category, Actor: c.Actor, Retryable: c.Retryable, Severity: cmp.Or(e.Severity, c.Severity),
	}
	if e.Category != "" && e.Category != c.Category {
		cause.Category, cause.Actor = e.Category, b.actorOf(e.Category)
	}
	if e.Retryable != nil {
		cause.Retryable = *e.Retryable
	}
	return cause, len(b.problems) == before
}

// actorOf returns the actor of a category, which knownCategory has looked at.
func (b *builder) actorOf(category string) string {
	c, _ := b.cat.Category(category)
	return c.Actor
}

func (b *builder) knownCategory(overlay int, at, name string) {
	if _, ok := b.cat.Category(name); ok {
		return
	}
	var all []string
	for _, c := range b.cat.categories {
		all = append(all, c.Name)
	}
	b.problem(overlay, at, "%s", NotOneOf("category", name, all))
}

func (b *builder) knownSeverity(overlay int, at string, s Severity) {
	if s != "" && s.Rank() > Info.Rank() {
		b.problem(overlay, at, "%s", NotOneOf("severity", string(s), []string{string(Critical), string(Warning), string(Info)}))
	}
}
