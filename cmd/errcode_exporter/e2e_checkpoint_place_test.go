package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestE2ECheckpointBelongsToOne starts a second program on a checkpoint that is in use.
func TestE2ECheckpointBelongsToOne(t *testing.T) {
	endToEnd(t)
	l := newLives(t, t.TempDir())
	second := startProgram(t, l.args...)
	second.exits(exitUsage)
	if said := second.stderr.String(); !strings.Contains(said, l.path) || !strings.Contains(said, "in use by another process") {
		t.Errorf("it says %s", said)
	}
	l.log.events("IS.4006", 3)
	l.isExact()
}

// TestE2ECheckpointHasNoPlace names a checkpoint that can never be: it would be in a folder that is a file.
func TestE2ECheckpointHasNoPlace(t *testing.T) {
	endToEnd(t)
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	l := newLives(t, filepath.Join(file, "state"))
	l.says(`level=ERROR.*checkpoint cannot be used.*` + file)
	l.log.events("IS.4006", 3)
	l.isExact()
	l.isDurable(0)
	l.end(endings[0])
}
