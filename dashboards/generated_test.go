package dashboards

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"errcode_exporter/catalog"
)

// generatedFolders are where the committed files are, and what else may be in them.
func generatedFolders(t *testing.T) map[string][]File {
	t.Helper()
	s := testSite(t)
	files := func(kinds ...func() ([]File, error)) []File {
		t.Helper()
		var all []File
		for _, kind := range kinds {
			some, err := kind()
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, some...)
		}
		return all
	}
	return map[string][]File{".": files(s.Rules, s.Dashboards), "../docs": files(s.Runbooks, s.Reference)}
}

// TestCommittedFilesAreWhatIsGenerated fails when the catalog or the generator has changed and the files have not, and when a file
// is left of something that is no longer generated.
func TestCommittedFilesAreWhatIsGenerated(t *testing.T) {
	for folder, files := range generatedFolders(t) {
		known := map[string]bool{scenarioFile: true} // another test writes that one
		tops := map[string]bool{}
		for _, f := range files {
			known[f.Path] = true
			top, _, _ := strings.Cut(f.Path, "/")
			tops[top] = true
			have, err := os.ReadFile(filepath.Join(folder, f.Path))
			if err != nil || !bytes.Equal(have, f.Data) {
				t.Errorf("%s is not what is generated (%v): run make generate", filepath.Join(folder, f.Path), err)
			}
		}
		for top := range tops {
			err := fs.WalkDir(os.DirFS(folder), top, func(path string, d fs.DirEntry, err error) error {
				if err == nil && !d.IsDir() && !known[path] {
					t.Errorf("%s is not generated any more: delete it", filepath.Join(folder, path))
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
		}
	}
}

func TestTheSameSiteGivesTheSameBytes(t *testing.T) {
	first, second := generatedFolders(t), generatedFolders(t)
	for folder := range first {
		same := func(a, b File) bool { return a.Path == b.Path && bytes.Equal(a.Data, b.Data) }
		if !slices.EqualFunc(first[folder], second[folder], same) {
			t.Errorf("%s: generated twice, it differs", folder)
		}
	}
}

// TestSiteDecidesLinksAndSelectors generates for another place.
func TestSiteDecidesLinksAndSelectors(t *testing.T) {
	s := testSite(t)
	s.ExporterURL, s.GrafanaURL, s.DocsURL = "https://errors.corp/", "https://grafana.corp/g", "https://wiki.corp/errcode"
	s.Selector = `cluster="eu",`
	for _, kind := range []func() ([]File, error){s.Rules, s.Dashboards, s.Runbooks} {
		files, err := kind()
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			for _, stays := range []string{DefaultExporterURL, DefaultGrafanaURL, DefaultDocsURL} {
				if bytes.Contains(f.Data, []byte(stays)) {
					t.Errorf("%s still has %s", f.Path, stays)
				}
			}
			for _, metric := range []string{errorsTotal, lastSeen, durable} {
				for i, rest := range strings.Split(string(f.Data), metric)[1:] {
					if strings.HasPrefix(f.Path, "runbooks/") && rest[0] != '{' {
						continue // prose
					}
					selector, _, _ := strings.Cut(rest, "}")
					if rest[0] == '{' && !strings.Contains(strings.ReplaceAll(selector, `\`, ""), `cluster="eu"`) {
						t.Errorf("%s: selector %d of %s is %s", f.Path, i, metric, selector)
					}
				}
			}
		}
	}
}

func TestSiteRefusesWhatIsNoURL(t *testing.T) {
	f := func(link string) {
		t.Helper()
		s := testSite(t)
		s.DocsURL = link
		if _, err := s.Rules(); err == nil || !strings.Contains(err.Error(), "the URL of docs") {
			t.Errorf("%q: %v", link, err)
		}
	}
	f("docs")
	f("javascript:alert(1)")
	f("https://")
	f("https://wiki/{{ .X }}")
	if _, err := (Site{}).Rules(); err == nil {
		t.Error("a site without a catalog is taken")
	}
}

// A site that says something else about a code finds it in everything that is generated.
func TestChangedCodeShowsUpEverywhere(t *testing.T) {
	s := testSite(t)
	code, ok := s.Catalog.Lookup("IS.2102")
	if !ok {
		t.Fatal("IS.2102 is not listed")
	}
	code.Message, code.Solution, code.Severity, code.Actor = "Searching is out of order.", "Ask the search team.", catalog.Critical, "search team"
	f := func(kind func() ([]File, error), path string, want ...string) {
		t.Helper()
		files, err := kind()
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(files, func(f File) bool { return f.Path == path })
		if i < 0 {
			t.Fatalf("no %s", path)
		}
		for _, w := range want {
			if !bytes.Contains(files[i].Data, []byte(w)) {
				t.Errorf("%s lacks %q", path, w)
			}
		}
	}
	words := []string{code.Message, code.Solution}
	f(s.Rules, "prometheus/rules.yml", append(words, "actor: search team", `code=~"IS[.]2102"`, `code!~"IS[.]2102|IS[.]2105"`)...)
	f(s.Rules, "grafana/provisioning/alerting/rules.yml", append(words, "actor: search team")...)
	f(s.Rules, "alertmanager/alertmanager.yml", "receiver: search team")
	f(s.Dashboards, "grafana/dashboards/triage.json", append(words, `code=~\"IS[.]0022|IS[.]2102|`)...)
	f(s.Runbooks, "runbooks/HuaweiCloudServiceUnhealthy.md", append(words, "| critical | search team |")...)
	f(s.Reference, "codes/IS.2102.md", append(words, "| who | search team |", "| severity | critical |")...)
}
