package catalog

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func with(t *testing.T, overlays ...Overlay) *Catalog {
	t.Helper()
	c, err := Load(overlays...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func lookup(t *testing.T, c *Catalog, name string) *Code {
	t.Helper()
	code, ok := c.Lookup(name)
	if !ok {
		t.Fatalf("%s is not listed", name)
	}
	return code
}

func TestOverlayChangesACode(t *testing.T) {
	yes := true
	c := with(t, Overlay{Name: "site.yml", Codes: []CodeOverlay{{
		Code: "APIG.0301", Category: "restore_account", Actor: "finance", Severity: Critical, Retryable: &yes, Runbook: "https://wiki.example.com/0301",
		Texts: map[string]Text{"zh": {Message: "认证失败"}},
	}}})
	before, code := lookup(t, load(t), "APIG.0301"), lookup(t, c, "APIG.0301")
	if code.Category != "restore_account" || code.Actor != "finance" || code.Severity != Critical || !code.Retryable || code.Overlay != "site.yml" || code.Added ||
		code.Runbook != "https://wiki.example.com/0301" || code.Texts["zh"].Message != "认证失败" {
		t.Errorf("%+v", code)
	}
	if code.Message != before.Message || code.Solution != before.Solution || code.Reason != before.Reason {
		t.Errorf("texts of the published table changed: %+v", code)
	}
	for i, cause := range code.Causes {
		if before.Causes[i].Category == before.Category && (cause.Category != "restore_account" || cause.Actor != "finance" || cause.Severity != Critical || !cause.Retryable) {
			t.Errorf("the cause %q does not follow its code: %+v", cause.Words, cause)
		}
	}
	// The code that is inferred from it follows.
	if inferred := lookup(t, c, "APIGW.0301"); inferred.Category != "restore_account" || inferred.Severity != Critical || inferred.Actor != "finance" {
		t.Errorf("%+v", inferred)
	}
	if len(c.Codes()) != len(load(t).Codes()) {
		t.Errorf("%d codes", len(c.Codes()))
	}
}

func TestOverlayChangesAnInferredCodeAlone(t *testing.T) {
	c := with(t, Overlay{Codes: []CodeOverlay{{Code: "APIGW.0301", Category: "fix_request"}}})
	own, from := lookup(t, c, "APIGW.0301"), lookup(t, c, "APIG.0301")
	if own.Category != "fix_request" || from.Category != "renew_credentials" {
		t.Errorf("%s, %s", own.Category, from.Category)
	}
	for i := range own.Causes {
		if own.Causes[i].Category != "fix_request" || from.Causes[i].Category != "renew_credentials" {
			t.Errorf("causes: %s, %s", own.Causes[i].Category, from.Causes[i].Category)
		}
	}
}

// A cause that differs from its code goes on differing.
func TestOverlayLeavesCausesThatDiffer(t *testing.T) {
	code := lookup(t, with(t, Overlay{Codes: []CodeOverlay{{Code: "APIG.0201", Category: "raise_quota"}}}), "APIG.0201")
	differing := 0
	for _, cause := range code.Causes {
		if cause.Category == "check_service" {
			differing++
		}
	}
	if code.Category != "raise_quota" || differing != 2 {
		t.Errorf("%+v", code)
	}
}

func TestOverlayMutes(t *testing.T) {
	c := with(t, Overlay{Name: "site.yml", Codes: []CodeOverlay{{Code: "APIG.0301", Mute: true}, {Code: "IS.9876", Mute: true}}})
	for _, name := range []string{"APIG.0301", "APIGW.0301", "IS.9876"} {
		if code := lookup(t, c, name); !code.Muted {
			t.Errorf("%s is not muted", name)
		}
		for _, code := range c.Codes() {
			if code.Name == name {
				t.Errorf("%s is among the codes that count", name)
			}
		}
	}
	if len(c.Muted()) != 3 {
		t.Errorf("%d are muted", len(c.Muted()))
	}
}

func TestOverlayAdds(t *testing.T) {
	c := with(
		t, Overlay{Name: "families.yml", Families: []FamilyOverlay{
			{Name: "MMS", Title: "Media", Digits: Digits{4, 8}},
			{Name: "ECS", Prefixes: []string{"Ecs", "ECS"}, Digits: Digits{4, 4}},
		}},
		Overlay{Name: "codes.yml", Codes: []CodeOverlay{
			{Code: "MMS.00010", Message: "Quota used up.", Category: "raise_quota"},
			{
				Code: "Ecs.0204", Message: "Not found.", Category: "fix_resource", Solution: "Look.", Severity: Info, Status: 404,
				Causes: []CauseOverlay{{Words: "flavor", Category: "raise_quota"}, {Words: "image", Solution: "Look at the image."}},
			},
			{Code: "IS.9876", Message: "Of ours.", Category: "check_service", Actor: "us"},
		}},
	)
	mms := lookup(t, c, "MMS.00010")
	if mms.Family != "MMS" || !mms.Added || mms.Overlay != "codes.yml" || mms.Actor != "service owner" || mms.Severity != Warning || mms.Status != 0 ||
		mms.Description != "Quota used up." || mms.Solution != "Back off, free capacity, scale up, have the limit raised." || mms.Reason != "Added by codes.yml" {
		t.Errorf("%+v", mms)
	}
	ecs := lookup(t, c, "Ecs.0204")
	if ecs.Family != "ECS" || ecs.Status != 404 || len(ecs.Causes) != 2 || len(c.Meanings(ecs)) != 2 {
		t.Errorf("%+v", ecs)
	}
	if a, b := ecs.Causes[0], ecs.Causes[1]; a.Actor != "service owner" || a.Solution != "Look." || b.Category != "fix_resource" || b.Actor != "service owner" || b.Severity != Info {
		t.Errorf("%+v", ecs.Causes)
	}
	if is := lookup(t, c, "IS.9876"); is.Actor != "us" || is.Family != "IS" {
		t.Errorf("%+v", is)
	}
	families := c.Families()
	if f := families[len(families)-1]; f.Name != "ECS" || f.Title != "ECS" || len(f.Spellings) != 2 || f.Spellings[1] != (Spelling{"ECS", 4, 4}) {
		t.Errorf("%+v", f)
	}
}

func TestOverlayProblemsSayWhereAndWhat(t *testing.T) {
	f := func(o Overlay, want ...string) {
		t.Helper()
		_, err := Load(Overlay{Name: "first.yml", Codes: []CodeOverlay{{Code: "IS.0001", Severity: Critical}}}, o)
		var problems Problems
		if !errors.As(err, &problems) {
			t.Errorf("%+v: accepted", o)
			return
		}
		for _, p := range problems {
			if p.Overlay != 1 {
				t.Errorf("%+v is not of the second overlay", p)
			}
		}
		if got := err.Error(); got != strings.Join(want, "\n") {
			t.Errorf("says\n%s\nwant\n%s", got, strings.Join(want, "\n"))
		}
	}
	f(Overlay{Codes: []CodeOverlay{{Code: "IS.0001", Mute: true}}}, "codes[0].code: IS.0001 is in first.yml already: say it all in one entry")
	f(Overlay{Codes: []CodeOverlay{{Severity: Info}}}, "codes[0]: an entry without a code: add code, such as IS.4006")
	f(Overlay{Families: []FamilyOverlay{{Name: "A", Digits: Digits{4, 4}, Prefixes: []string{"A", "A"}}}}, `families[0].prefixes[1]: prefix "A" is here twice: keep one`)
	// A broken family does not make its codes strange as well.
	f(
		Overlay{Families: []FamilyOverlay{{Name: "MMS"}}, Codes: []CodeOverlay{{Code: "MMS.0001", Mute: true}}},
		`families[0]: family "MMS" has no digits: say how many its codes have, such as digits: 4`,
	)
	many := Overlay{}
	for i := range MaxAddedCodes + 1 {
		many.Codes = append(many.Codes, CodeOverlay{Code: fmt.Sprintf("ModelArts.%d", 100_000+i), Message: "x", Category: "open_ticket"})
	}
	f(many, fmt.Sprintf("codes[%d]: more than %d codes are added: each has series of its own in every source", MaxAddedCodes, MaxAddedCodes))
	families := Overlay{}
	for i := range MaxFamilies + 1 {
		name := "Q" + string(rune('A'+i/26)) + string(rune('A'+i%26))
		families.Families = append(families.Families, FamilyOverlay{Name: name, Digits: Digits{4, 4}})
	}
	f(families, fmt.Sprintf("families[%d]: more than %d families are added: leave out those that no log names", MaxFamilies, MaxFamilies))
}

func TestDigits(t *testing.T) {
	f := func(text string, want Digits, problem string) {
		t.Helper()
		var got Digits
		err := got.UnmarshalText([]byte(text))
		switch {
		case problem == "" && (err != nil || got != want || got.String() != strings.ReplaceAll(text, " ", "")):
			t.Errorf("%q: %v, %v", text, got, err)
		case problem != "" && (err == nil || err.Error() != problem):
			t.Errorf("%q: %v, want %s", text, err, problem)
		}
	}
	f("4", Digits{4, 4}, "")
	f("4-8", Digits{4, 8}, "")
	f("4 - 12", Digits{4, 12}, "")
	f("3", Digits{}, "digits 3: 4 to 12 are possible")
	f("4-13", Digits{}, "digits 4-13: 4 to 12 are possible")
	f("8-4", Digits{}, "digits 8-4: write the smaller number first, 4-8")
	f("four", Digits{}, `digits "four": write how many there are, such as 4, or from 4-8`)
	f("", Digits{}, `digits "": write how many there are, such as 4, or from 4-8`)
}

func TestNear(t *testing.T) {
	f := func(typed string, want ...string) {
		t.Helper()
		got := Near(typed, []string{"critical", "warning", "info", "IS.4006", "IS.4007"})
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
	f("critcal", "critical")
	f("Warn1ng", "warning")
	f("IS4006", "IS.4006")
	f("crit", "critical")
	f("ctircal", "critical")
	f("IS.4005", "IS.4006", "IS.4007")
	f("wrong")
	f("i")
	f("")
	f(strings.Repeat("x", 1000))
}
