package main

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// TestE2EScanOfAPipe reads what a program writes that never ends, until it is interrupted.
func TestE2EScanOfAPipe(t *testing.T) {
	endToEnd(t)
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	x := startProgram(t, "scan", "--events", pipe)
	w, err := os.OpenFile(pipe, os.O_WRONLY, 0) // waits for the reader
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if _, err := w.WriteString("ERROR IS.4006 request_id=r-1\nINFO\nERROR IS.0001\n  request_id=r-2\n"); err != nil {
		t.Fatal(err)
	}
	first := `{"file":"` + pipe + `","line":1,"codes":["IS.4006"],"request_id":"r-1"}` + "\n"
	x.until("the first event is printed", func() bool { return strings.HasPrefix(x.stdout.String(), first) })
	x.signal(os.Interrupt)
	x.exits(exitUsage)
	want := first + `{"file":"` + pipe + `","line":3,"codes":["IS.0001"],"request_id":"r-2"}` + "\n"
	if got := x.stdout.String(); got != want {
		t.Errorf("printed %q, want %q", got, want)
	}
	if !strings.Contains(x.stderr.String(), "interrupted: this is what was found so far") {
		t.Errorf("does not say that it was interrupted: %q", &x.stderr)
	}
}
