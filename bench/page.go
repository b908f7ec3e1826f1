package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// places are where the page has figures, in the order in which they are printed. Each is between two comments that a reader does not see.
var places = []string{"where", "goals", "catchup", "live", "nodes"}

func marks(place string) (begin, end string) {
	return "<!-- bench: " + place + " -->", "<!-- bench: end of " + place + " -->"
}

// document rewrites the figures of the page and the picture. What was not measured stays as it is.
func (r *Results) document(folder string) error {
	path := filepath.Join(folder, "performance.md")
	page, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := string(page)
	all := r.tables()
	for _, place := range places {
		var content []string
		if place == "where" {
			content = append(content, "Measured on "+r.where()+".\n")
		}
		for _, t := range all[place] {
			content = append(content, t.markdown())
		}
		if len(content) == 0 {
			continue
		}
		if text, err = replace(text, place, strings.Join(content, "\n")); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return err
	}
	if len(r.Cases) == 0 {
		return nil
	}
	return os.WriteFile(filepath.Join(folder, "performance.svg"), []byte(r.picture()), 0o644)
}

// replace puts content between the marks of a place.
func replace(page, place, content string) (string, error) {
	begin, end := marks(place)
	before, rest, ok := strings.Cut(page, begin+"\n")
	_, after, found := strings.Cut(rest, end)
	if !ok || !found {
		return "", fmt.Errorf("lacks the lines %q and %q, between which figures go", begin, end)
	}
	return before + begin + "\n" + content + end + after, nil
}
