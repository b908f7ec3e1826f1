package house

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestLinterKnowsTheSameArrows(t *testing.T) {
	type rule struct {
		ListMode string   `yaml:"list-mode"`
		Files    []string `yaml:"files"`
		Allow    []string `yaml:"allow"`
		Deny     []struct {
			Pkg string `yaml:"pkg"`
		} `yaml:"deny"`
	}
	var file struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]rule `yaml:"rules"`
				} `yaml:"depguard"`
			} `yaml:"settings"`
		} `yaml:"linters"`
	}
	readYAML(t, ".golangci.yml", &file)
	rules := file.Linters.Settings.Depguard.Rules

	forTestsOnly := map[string]bool{}
	for _, d := range rules["only-tests-use-these"].Deny {
		forTestsOnly[strings.TrimPrefix(d.Pkg, module+"/")] = true
	}
	delete(rules, "only-tests-use-these")
	for _, r := range rooms {
		if r.onlyTests != forTestsOnly[r.path] {
			t.Errorf(".golangci.yml, depguard, only-tests-use-these: %s: listed %t, want %t", r.path, forTestsOnly[r.path], r.onlyTests)
		}
		if slices.Equal(r.mayImport, everyRoom) {
			continue
		}
		got, ok := rules[r.path]
		if !ok {
			t.Errorf(".golangci.yml, depguard: no rule %q", r.path)
			continue
		}
		delete(rules, r.path)
		allow := []string{module + "/" + r.path}
		for _, other := range r.mayImport {
			allow = append(allow, module+"/"+other)
		}
		if !slices.Equal(got.Allow, allow) {
			t.Errorf(".golangci.yml, depguard, %s: allow %v, want %v", r.path, got.Allow, allow)
		}
		if files := []string{"${config-path}/" + r.path + "/**", "!$test"}; !slices.Equal(got.Files, files) {
			t.Errorf(".golangci.yml, depguard, %s: files %v, want %v", r.path, got.Files, files)
		}
		if got.ListMode != "lax" || len(got.Deny) != 1 || got.Deny[0].Pkg != module+"/" {
			t.Errorf(".golangci.yml, depguard, %s: want mode lax and one deny, %s/ (write `deny: *others`)", r.path, module)
		}
	}
	for name := range rules {
		t.Errorf(".golangci.yml, depguard: rule %q is for no room of internal/house/rooms_test.go", name)
	}
}

func TestContributorsReadTheSameArrows(t *testing.T) {
	want := map[string]string{}
	for _, r := range rooms {
		want[r.path] = mayImportInWords(r)
	}
	row := regexp.MustCompile("(?m)^\\| `([a-z/]+)/` \\|.*\\| (.+) \\|$")
	for _, m := range row.FindAllStringSubmatch(read(t, "CONTRIBUTING.md"), -1) {
		path, words := m[1], m[2]
		if w, ok := want[path]; !ok || w != words {
			t.Errorf("CONTRIBUTING.md: %s may import %s; internal/house/rooms_test.go says: %q", path, words, w)
		}
		delete(want, path)
	}
	for path := range want {
		t.Errorf("CONTRIBUTING.md: the table of rooms has no row for `%s/`", path)
	}
}
