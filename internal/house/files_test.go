package house

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// maxLines is how long a Go file may get; around 300 is what we aim at.
const maxLines = 400

var generated = regexp.MustCompile(`(?m)^// Code generated .* DO NOT EDIT\.$`)

func TestFilesStayShort(t *testing.T) {
	walk(t, func(path string, d fs.DirEntry) {
		if d.IsDir() || filepath.Ext(path) != ".go" {
			return
		}
		text := read(t, path)
		if n := strings.Count(text, "\n"); n > maxLines && !generated.MatchString(text) {
			t.Errorf("%s has %d lines, more than %d: find the second noun in it and give that a file of its own", path, n, maxLines)
		}
	})
}

// saysNothing are names that do not tell what is inside, so that in the end everything is.
var saysNothing = regexp.MustCompile(`^(utils?|commons?|helpers?|misc|shared)$`)

func TestNamesSayWhatIsInside(t *testing.T) {
	const advice = "name it for what it holds, or put the code where it is used"
	walk(t, func(path string, d fs.DirEntry) {
		if d.IsDir() {
			if saysNothing.MatchString(d.Name()) {
				t.Errorf("folder %s: the name says nothing; %s", path, advice)
			}
			return
		}
		if filepath.Ext(path) != ".go" {
			return
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, read(t, path), parser.PackageClauseOnly)
		if err != nil {
			t.Error(err)
			return
		}
		if name := strings.TrimSuffix(file.Name.Name, "_test"); saysNothing.MatchString(name) {
			t.Errorf("%s: package name %q says nothing; %s", path, name, advice)
		}
	})
}
