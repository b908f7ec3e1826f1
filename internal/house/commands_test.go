package house

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// testCommand is the one command that a person, .ci/run and the GitHub workflow use alike.
const testCommand = "make test"

type workflow struct {
	Permissions map[string]string `yaml:"permissions"`
	Jobs        map[string]struct {
		Steps []struct {
			Uses string `yaml:"uses"`
			Run  string `yaml:"run"`
		} `yaml:"steps"`
	} `yaml:"jobs"`
}

func TestEverybodyRunsTheSameTests(t *testing.T) {
	var ci workflow
	readYAML(t, ".github/workflows/ci.yml", &ci)
	var inWorkflow []string
	for _, step := range ci.Jobs["test"].Steps {
		if step.Run != "" {
			inWorkflow = append(inWorkflow, step.Run)
		}
	}
	if !slices.Equal(inWorkflow, []string{testCommand}) {
		t.Errorf(".github/workflows/ci.yml: job test runs %q, want %q and nothing else", inWorkflow, testCommand)
	}

	var inRun []string
	for _, m := range regexp.MustCompile(`(?m)^run (.+)$`).FindAllStringSubmatch(read(t, ".ci/run"), -1) {
		inRun = append(inRun, m[1])
	}
	if want := []string{"go version", testCommand}; !slices.Equal(inRun, want) {
		t.Errorf(".ci/run runs %q, want %q", inRun, want)
	}
	info, err := os.Stat(root + "/.ci/run")
	if err != nil || info.Mode()&0o111 == 0 {
		t.Errorf(".ci/run is not executable: chmod +x it (%v)", err)
	}

	if !strings.Contains(read(t, "README.md"), testCommand) {
		t.Errorf("README.md does not say how to run the tests: it has to name %q, which is what .ci/run does", testCommand)
	}
}

func TestWorkflowsMayOnlyReadAndPinTheirActions(t *testing.T) {
	files, err := filepath.Glob(root + "/.github/workflows/*.y*ml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no workflows: %v", err)
	}
	pinned := regexp.MustCompile(`@(v\d+\.\d+\.\d+|[0-9a-f]{40})$`)
	for _, file := range files {
		name := strings.TrimPrefix(file, root+"/")
		var w workflow
		readYAML(t, name, &w)
		if len(w.Permissions) != 1 || w.Permissions["contents"] != "read" {
			t.Errorf("%s: permissions %v, want contents: read; a job that needs more asks for it itself", name, w.Permissions)
		}
		for job, j := range w.Jobs {
			for _, step := range j.Steps {
				if step.Uses != "" && !pinned.MatchString(step.Uses) {
					t.Errorf("%s, job %s: %s is not pinned: name a whole version, such as @v1.2.3, or a commit", name, job, step.Uses)
				}
			}
		}
	}
}

var (
	makeTarget = regexp.MustCompile(`(?m)^([A-Za-z][\w./-]*)\s*:([^=].*)?$`)
	makeHelp   = regexp.MustCompile(`## \S`)
	makePhony  = regexp.MustCompile(`(?m)^\.PHONY: (.*)$`)
)

func TestEveryMakeTargetSaysWhatItIsFor(t *testing.T) {
	makefile := read(t, "Makefile")
	var targets []string
	for _, m := range makeTarget.FindAllStringSubmatch(makefile, -1) {
		targets = append(targets, m[1])
		if !makeHelp.MatchString(m[2]) {
			t.Errorf("Makefile: target %s has no help: end its line with ## and what it is for", m[1])
		}
	}
	phony := strings.Fields(makePhony.FindStringSubmatch(makefile + "\n.PHONY: ")[1])
	slices.Sort(targets)
	slices.Sort(phony)
	if !slices.Equal(targets, phony) {
		t.Errorf("Makefile: targets %v, but .PHONY names %v", targets, phony)
	}
}
