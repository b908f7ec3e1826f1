package catalog

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"
)

func load(t *testing.T) *Catalog {
	t.Helper()
	c, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// publishedRow is a row of the published table, its paragraphs not yet told apart.
type publishedRow struct {
	code       string
	paragraphs []string
}

// publishedRows reads the table as it was published: blocks between blank lines, each row begun by its status.
func publishedRows(t *testing.T) []publishedRow {
	t.Helper()
	data, err := os.ReadFile("testdata/published-table.txt")
	if err != nil {
		t.Fatal(err)
	}
	var rows []publishedRow
	for _, row := range strings.Split(string(data), "\n\n400\n\n")[1:] {
		blocks := strings.Split(strings.TrimSpace(row), "\n\n")
		rows = append(rows, publishedRow{blocks[0], blocks[1:]})
	}
	return rows
}

func TestTextsAreThoseOfThePublishedTable(t *testing.T) {
	c := load(t)
	rows := publishedRows(t)
	if len(rows) != 142 {
		t.Fatalf("the table has %d rows, want 141 codes and one for the others", len(rows))
	}
	others := rows[141]
	if others.code != "Others" || c.Others().Solution != others.paragraphs[0] || c.Others().Category != "open_ticket" {
		t.Errorf("others: %+v, the table says %q", c.Others(), others)
	}
	for i, row := range rows[:141] {
		code := c.Codes()[i]
		if code.Name != row.code {
			t.Fatalf("code %d is %s, in the table %s", i, code.Name, row.code)
		}
		got := strings.Join([]string{code.Message, code.Description, code.Solution}, "\n\n")
		if want := strings.Join(row.paragraphs, "\n\n"); got != want {
			t.Errorf("%s: texts\n%s\nin the table\n%s", row.code, got, want)
		}
		if code.Status != 400 {
			t.Errorf("%s: status %d", row.code, code.Status)
		}
	}
}

func TestRowOfSeveralParagraphsKeepsThemAll(t *testing.T) {
	code, _ := load(t).Lookup("APIG.0301")
	for what, text := range map[string]string{"message": code.Message, "description": code.Description, "solution": code.Solution} {
		if n := len(strings.Split(text, "\n\n")); n != 3 {
			t.Errorf("%s has %d paragraphs, want 3: %q", what, n, text)
		}
	}
}

func TestRemediationIsThatOfTheTable(t *testing.T) {
	c := load(t)
	f, err := os.Open("testdata/remediation.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 142 {
		t.Fatalf("%d rows", len(rows))
	}
	for _, r := range rows[1:] {
		code, ok := c.Lookup(r[0])
		if !ok {
			t.Errorf("%s is missing", r[0])
			continue
		}
		retryable := map[bool]string{true: "yes", false: "no"}[code.Retryable]
		got := strings.Join([]string{code.Family, code.Category, retryable, string(code.Severity), code.Reason}, "|")
		if want := strings.Join(r[1:], "|"); got != want {
			t.Errorf("%s: %s, want %s", r[0], got, want)
		}
	}
}

func TestEachCategoryHasOneActorAndIsUsed(t *testing.T) {
	c := load(t)
	used := map[string]bool{}
	for _, code := range c.Codes() {
		used[code.Category] = true
		cat, ok := c.Category(code.Category)
		if !ok || code.Actor != cat.Actor {
			t.Errorf("%s: actor %q, category %+v", code.Name, code.Actor, cat)
		}
	}
	if len(c.Categories()) != 12 {
		t.Errorf("%d categories", len(c.Categories()))
	}
	for _, cat := range c.Categories() {
		if !used[cat.Name] {
			t.Errorf("no code has category %s", cat.Name)
		}
	}
}

func TestCountsByFamily(t *testing.T) {
	got := map[string]int{}
	for _, code := range load(t).Codes() {
		if code.InferredFrom == "" {
			got[code.Family]++
		}
	}
	if got["IS"] != 118 || got["APIG"] != 4 || got["ModelArts"] != 19 || len(got) != 3 {
		t.Errorf("%v", got)
	}
}

func TestNewerSpellingOfTheGatewayIsInferredAndSaysSo(t *testing.T) {
	c := load(t)
	for _, number := range []string{"0101", "0201", "0301", "0308"} {
		old, _ := c.Lookup("APIG." + number)
		code, ok := c.Lookup("APIGW." + number)
		if !ok {
			t.Errorf("APIGW.%s is missing", number)
			continue
		}
		if code.Family != "APIG" || code.InferredFrom != old.Name || code.Category != old.Category || code.Severity != old.Severity {
			t.Errorf("%+v, want what %s has", code, old.Name)
		}
		if !strings.Contains(code.Description, "Inferred from "+old.Name) {
			t.Errorf("%s does not say that it is inferred: %q", code.Name, code.Description)
		}
	}
	code, _ := c.Lookup("APIGW.0201")
	for _, reading := range []string{"oversized", "in time"} {
		if !strings.Contains(code.Message, reading) {
			t.Errorf("message of APIGW.0201 does not name the reading %q: %q", reading, code.Message)
		}
	}
}

func TestCauseDecidesSolutionAndCategory(t *testing.T) {
	c := load(t)
	f := func(name, words, category, solution string) {
		t.Helper()
		code, _ := c.Lookup(name)
		for i := range code.Causes {
			if code.Causes[i].Words != words {
				continue
			}
			m := c.Meaning(Finding{Name: name, Family: code.Family, Code: code, Cause: &code.Causes[i]})
			if m.Category != category || !strings.Contains(m.Solution, solution) {
				t.Errorf("%s, %q: %+v", name, words, m)
			}
			return
		}
		t.Errorf("%s has no cause %q", name, words)
	}
	f("APIG.0301", "decrypt token fail", "renew_credentials", "x-auth-token in the HTTP request header is incorrect")
	f("APIG.0301", "token expires", "renew_credentials", "Obtain a new token and pass it.")
	f("APIG.0301", "verify aksk signature fail", "renew_credentials", "whether the account is in arrears")
	f("APIG.0201", "backend timeout", "check_service", "backend")
	code, _ := c.Lookup("APIG.0201")
	if m := c.Meaning(Finding{Code: code, Cause: &code.Causes[0]}); m.Message != "Backend timeout." {
		t.Errorf("a backend timeout is explained by %q", m.Message)
	}
	f("APIG.0201", "backend unavailable", "check_service", "backend")
	f("APIGW.0201", "backend timeout", "check_service", "backend")
}

func TestMeaningsAreOnePerCategory(t *testing.T) {
	c := load(t)
	f := func(name string, want ...string) {
		t.Helper()
		code, _ := c.Lookup(name)
		var got []string
		for _, m := range c.Meanings(code) {
			got = append(got, m.Category)
		}
		if strings.Join(got, " ") != strings.Join(want, " ") {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
	f("IS.4006", "restore_account")
	f("APIG.0301", "renew_credentials")
	f("APIG.0201", "fix_request", "check_service")
}

func TestWhatIsNotListedIsForATicket(t *testing.T) {
	c := load(t)
	if _, ok := c.Lookup("IS.9999"); ok {
		t.Fatal("IS.9999 is listed")
	}
	m := c.Meaning(Finding{Name: "IS.9999", Family: "IS"})
	if m.Category != "open_ticket" || m.Actor != "on-call" || m.Solution == "" {
		t.Errorf("%+v", m)
	}
}

func TestBadTableIsRefusedWithEveryReason(t *testing.T) {
	const table = `{"families":[{"name":"IS","title":"Image Search","spellings":[{"prefix":"IS","min_digits":4,"max_digits":4}]}],
	"categories":[{"name":"open_ticket","actor":"on-call","action":"Open one."}],
	"others":{"solution":"s","category":"open_ticket","severity":"warning"},
	"codes":[{"code":"IS.0001","message":"m","description":"d","solution":"","category":"nobody","severity":"urgent","reason":"r"},
	{"code":"IS.0001","message":"m","description":"d","solution":"s","category":"open_ticket","severity":"info","reason":"r"},
	{"code":"XX.1","message":"m","description":"d","solution":"s","category":"open_ticket","severity":"info","reason":"r",
	 "causes":[{"words":"Loud","solution":"s"},{"words":"loud and long","solution":"s"},{"words":"long","solution":"s"},{"words":"so long","solution":"s"}]}],
	"inferred":[{"code":"IS.0002","from":"IS.0003"}]}`
	_, err := parse([]byte(table))
	if err == nil {
		t.Fatal("accepted")
	}
	for _, reason := range []string{
		`IS.0001: no category "nobody"`, `IS.0001: severity "urgent"`, "IS.0001: no solution", "IS.0001: listed twice",
		`"XX.1" is not spelled like a code of any family`, `cause "Loud": words in lower case`, `cause "so long": can never be told, since "long"`,
		`IS.0002: inferred from "IS.0003", which is not listed`,
	} {
		if !strings.Contains(err.Error(), reason) {
			t.Errorf("missing %q in\n%v", reason, err)
		}
	}
	if _, err := parse([]byte(`{"colour":"red"}`)); err == nil || !strings.Contains(err.Error(), "colour") {
		t.Errorf("unknown field: %v", err)
	}
}
