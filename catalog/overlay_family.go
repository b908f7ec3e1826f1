package catalog

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

var familyName = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_-]{0,31}$`)

const (
	maxPrefix = 32  // bytes, so that the longest code still fits into a label
	maxLine   = 200 // bytes of what has to fit into a line: titles, actors
	maxText   = 8 << 10
)

// otherFamily is the label of families that nobody knows.
const otherFamily = "other"

// addFamilies adds what overlays add. A family with a problem is left out.
func (b *builder) addFamilies() {
	owner := map[string]string{} // who has a prefix
	for _, f := range b.cat.families {
		for _, s := range f.Spellings {
			owner[s.Prefix] = f.Name
		}
	}
	added := 0
	for i := range b.overlays {
		for j := range b.overlays[i].Families {
			before := len(b.problems)
			f := b.addedFamily(i, j, owner)
			if added++; added == MaxFamilies+1 {
				b.problem(i, fmt.Sprintf("families[%d]", j), "more than %d families are added: leave out those that no log names", MaxFamilies)
			}
			if len(b.problems) == before {
				b.cat.families = append(b.cat.families, f)
				continue
			}
			for _, s := range f.Spellings {
				b.broken[s.Prefix] = true
			}
		}
	}
}

// addedFamily checks one added family. owner learns its prefixes.
func (b *builder) addedFamily(overlay, index int, owner map[string]string) Family {
	f := b.overlays[overlay].Families[index]
	at := fmt.Sprintf("families[%d]", index)
	report := func(field, format string, args ...any) { b.problem(overlay, at+field, format, args...) }
	taken := slices.ContainsFunc(b.cat.families, func(have Family) bool { return have.Name == f.Name })
	switch {
	case f.Name == "":
		report("", "a family without a name: add name, such as MMS")
	case taken:
		report(".name", "family %q is there already: list codes of it under codes, and leave the family out", f.Name)
	case f.Name == otherFamily || !familyName.MatchString(f.Name):
		report(".name", "family %q: up to 32 letters, digits, _ and - are possible, beginning with a letter, and not %q", f.Name, otherFamily)
	}
	if f.Digits.Min == 0 {
		report("", "family %q has no digits: say how many its codes have, such as digits: 4", f.Name)
	}
	if !fitsLine(f.Title) {
		report(".title", "the title has several lines or more than %d bytes: shorten it", maxLine)
	}
	prefixes, own := f.Prefixes, false
	if len(prefixes) == 0 {
		prefixes, own = []string{f.Name}, true
	}
	family := Family{Name: f.Name, Title: cmp.Or(f.Title, f.Name)}
	for k, p := range prefixes {
		where := fmt.Sprintf(".prefixes[%d]", k)
		if own {
			where = ".name"
		}
		has := owner[p]
		switch {
		case own && (p == "" || taken):
			continue // said above
		case p == "" || len(p) > maxPrefix || strings.Trim(p, letters) != "":
			report(where, "prefix %q: 1 to %d ASCII letters are possible, without the dot; of a family with another name they stand under prefixes", p, maxPrefix)
		case has == f.Name:
			report(where, "prefix %q is here twice: keep one", p)
		case has != "":
			report(where, "codes that begin with %q are those of family %s already: add them under codes", p+".", has)
		}
		if has == "" {
			owner[p] = f.Name
		}
		family.Spellings = append(family.Spellings, Spelling{p, f.Digits.Min, f.Digits.Max})
	}
	return family
}

// fitsLine says whether a text is short and has one line.
func fitsLine(text string) bool {
	return len(text) <= maxLine && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' || r == 0x7f })
}
