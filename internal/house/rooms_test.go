// Package house holds the structure of the repository: which room may import which, how big files may get, and that
// the places that say the same thing go on saying the same thing. It has tests only.
package house

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// A room is a folder with a job of its own. A package belongs to the room with the longest path that leads to it.
type room struct {
	path      string
	holds     string
	mayImport []string // other rooms; code in tests may import any
	onlyTests bool     // whether only tests may import it
}

// everyRoom as mayImport is for the one room that puts the others together.
var everyRoom = []string{"*"}

// rooms says who may import whom. Data flows one way, tailer -> extract -> metrics and triage, and nobody reaches back.
// A room that is not asked for here keeps to itself, so that it can be read, tested and replaced alone.
var rooms = []room{
	{path: "catalog", holds: "what each code means and who must do what"},
	{path: "extract", holds: "bytes of log lines in, events with codes out", mayImport: []string{"catalog"}},
	{path: "extract/slow", holds: "the slow, obvious extractor that the fast one is held against", onlyTests: true},
	{path: "redact", holds: "secrets out of any text that is kept or shown"},
	{path: "tailer", holds: "files in, lines out, nothing lost"},
	{path: "checkpoint", holds: "the durable cut: named sections, saved together"},
	{path: "metrics", holds: "the counts and everything on /metrics", mayImport: []string{"catalog"}},
	{path: "triage", holds: "web pages, JSON API and recent events for the on-call engineer", mayImport: []string{"catalog", "redact"}},
	{path: "dashboards", holds: "dashboards, alert rules and runbooks, generated from the catalog", mayImport: []string{"catalog"}},
	{path: "deploy", holds: "container image, Helm chart, manifests, systemd unit, compose file"},
	{path: "config", holds: "the YAML file; of other rooms only their option types", mayImport: []string{"catalog", "extract", "tailer", "metrics"}},
	{path: "cmd", holds: "the program: main.go and a file per subcommand", mayImport: everyRoom},
	{path: "docs", holds: "a page per thing that a user looks up"},
	{path: "bench", holds: "logs whose truth is known, the programs to compare with, and the stopwatch", mayImport: []string{"catalog"}},
	{path: "internal/chaos", holds: "the promise held against killed and starved processes, and the programs that those tests run"},
	{path: "internal/house", holds: "the tests that hold the structure of the repository"},
}

const whereRoomsAreListed = "the tables in internal/house/rooms_test.go, .golangci.yml and CONTRIBUTING.md"

// goPackage is what the arrows need to know of a package: its path within the module and which of the module's other
// packages its code, tests apart, imports.
type goPackage struct {
	path    string
	imports []string
}

func roomOf(path string) (room, bool) {
	var found room
	for _, r := range rooms {
		if (path == r.path || strings.HasPrefix(path, r.path+"/")) && len(r.path) > len(found.path) {
			found = r
		}
	}
	return found, found.path != ""
}

// arrowErrors says what is wrong with the imports of packages, and what to do about each.
func arrowErrors(packages []goPackage) []string {
	var wrong []string
	for _, p := range packages {
		from, ok := roomOf(p.path)
		if !ok {
			wrong = append(wrong, fmt.Sprintf("package %s is in no room: move it into the room that its job belongs to (CONTRIBUTING.md says what each holds), or, if the job is new, add a room to %s", p.path, whereRoomsAreListed))
			continue
		}
		for _, imported := range p.imports {
			to, ok := roomOf(imported)
			switch {
			case !ok || to.path == from.path:
			case to.onlyTests:
				wrong = append(wrong, fmt.Sprintf("package %s imports %s, which only tests may import: move the import into a _test.go file", p.path, imported))
			case !slices.Contains(from.mayImport, to.path) && !slices.Equal(from.mayImport, everyRoom):
				wrong = append(wrong, fmt.Sprintf("package %s imports %s, but %s may import %s: let cmd/ hand over what is needed (a value, a function or an interface declared in %s); if the arrow is right, add it to %s", p.path, imported, from.path, mayImportInWords(from), from.path, whereRoomsAreListed))
			}
		}
	}
	return wrong
}

// mayImportInWords is how error messages and the table in CONTRIBUTING.md say it.
func mayImportInWords(r room) string {
	words := "nothing of ours"
	switch {
	case slices.Equal(r.mayImport, everyRoom):
		words = "every room"
	case len(r.mayImport) > 0:
		words = "`" + strings.Join(r.mayImport, "`, `") + "`"
	}
	if r.onlyTests {
		words += "; only tests import it"
	}
	return words
}

func TestRoomsImportOnlyWhatTheyMay(t *testing.T) {
	for _, wrong := range arrowErrors(listPackages(t)) {
		t.Error(wrong)
	}
}

func TestArrowErrors(t *testing.T) {
	f := func(path, imported, want string) {
		t.Helper()
		wrong := arrowErrors([]goPackage{{path, []string{imported}}})
		if got := strings.Join(wrong, "\n"); (want == "") != (got == "") || !strings.Contains(got, want) {
			t.Errorf("%s imports %s: got %q, want %q", path, imported, got, want)
		}
	}
	f("extract", "catalog", "")
	f("extract", "tailer", "extract may import `catalog`")
	f("catalog", "extract", "catalog may import nothing of ours")
	f("tailer/scan", "tailer", "")
	f("tailer", "tailer/scan", "")
	f("tailer/scan", "catalog", "tailer may import nothing of ours")
	f("cmd/errcode_exporter", "triage", "")
	f("triage", "cmd/errcode_exporter", "triage may import `catalog`, `redact`")
	f("extract", "extract/slow", "only tests may import")
	f("cmd/errcode_exporter", "extract/slow", "only tests may import")
	f("extract/slow", "extract", "extract/slow may import nothing of ours")
	f("extractor", "catalog", "package extractor is in no room")
	f("internal/strings", "catalog", "package internal/strings is in no room")
}
