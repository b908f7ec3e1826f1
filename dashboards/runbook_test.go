package dashboards

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each alert has a page with the four sections, each with something in it, and no page is left of an alert that is gone.
func TestEveryAlertHasItsRunbook(t *testing.T) {
	alerts := map[string]bool{}
	for _, a := range testAlerts(t) {
		alerts[a.Name] = true
	}
	pages, err := fs.Glob(judgement, "runbooks/*.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range pages {
		name := strings.TrimSuffix(filepath.Base(path), ".md")
		if !alerts[name] {
			t.Errorf("%s is of no alert", path)
		}
		delete(alerts, name)
		text, err := fs.ReadFile(judgement, path)
		if err != nil {
			t.Fatal(err)
		}
		parts := regexp.MustCompile(`(?m)^## (.+)\n`).FindAllStringSubmatchIndex(string(text), -1)
		if len(parts) != len(sections()) {
			t.Errorf("%s has %d sections, want %v", path, len(parts), sections())
			continue
		}
		for i, want := range sections() {
			end := len(text)
			if i+1 < len(parts) {
				end = parts[i+1][0]
			}
			if got := string(text[parts[i][2]:parts[i][3]]); got != want || len(strings.TrimSpace(string(text[parts[i][1]:end]))) < 20 {
				t.Errorf("%s: section %d is %q, want %s with some text", path, i+1, got, want)
			}
		}
	}
	for name := range alerts {
		t.Errorf("%s has no runbook", name)
	}
}

// Every relative link in the generated docs leads to a file that is there.
func TestLinksInTheDocsLeadSomewhere(t *testing.T) {
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, folder := range []string{"runbooks", "codes"} {
		pages, err := filepath.Glob("../docs/" + folder + "/*.md")
		if err != nil || len(pages) < 20 {
			t.Fatalf("%d pages, %v", len(pages), err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range link.FindAllStringSubmatch(string(text), -1) {
				if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
					t.Errorf("%s leads to %s: %v", page, m[1], err)
				}
			}
		}
	}
}

// A runbook has the words of the catalog for each of its codes, and says what resolved means.
func TestRunbookHasTheWordsOfTheCatalog(t *testing.T) {
	text, err := os.ReadFile("../docs/runbooks/HuaweiCloudAccountRestricted.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{
		"[IS.4006](../codes/IS.4006.md) | critical | The account is frozen.", "it will unfreeze after recharge", "## Meaning", "## Impact", "## Diagnosis",
		"## Mitigation", "Not seen lately, which is not repaired", "errcode_exporter_lines_total",
	} {
		if !strings.Contains(string(text), words) {
			t.Errorf("the runbook lacks %q", words)
		}
	}
}
