package tailer

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// What is written is told in a queue of its own, and that there is something to be read is told once until the queue is armed.
func TestInotifyTellsOnceUntilArmed(t *testing.T) {
	n, err := newInotify()
	if err != nil {
		t.Fatal(err)
	}
	defer n.close()
	dir := t.TempDir()
	for q := range eventMasks {
		if _, err := n.watch(queue(q), dir); err != nil {
			t.Fatal(err)
		}
	}
	write := func(name, text string) {
		t.Helper()
		f, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	ready := func(want queue) {
		t.Helper()
		select {
		case q := <-n.ready:
			if q != want {
				t.Fatalf("queue %d is ready, want %d", q, want)
			}
		case <-time.After(deadline):
			t.Fatalf("queue %d is never ready", want)
		}
	}
	read := func(q queue, want ...string) {
		t.Helper()
		var got []string
		for {
			some, err := n.read(q, func(_ int, _ uint32, name []byte) { got = append(got, string(name)) })
			if err != nil {
				t.Fatal(err)
			}
			if !some {
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("queue %d: got %q, want %q", q, got, want)
		}
	}
	write("a.log", "")
	ready(nameEvents)
	write("a.log", "one\n")
	ready(writeEvents) // only it: the other is not armed
	read(nameEvents, "a.log")
	read(writeEvents, "a.log")
	write("b.log", "two\n")
	n.arm(nameEvents)
	ready(nameEvents)
	write("a.log", "three\n")
	write("a.log", "four\n") // the same as the one before
	write("b.log", "five\n")
	read(nameEvents, "b.log")
	read(writeEvents, "b.log", "a.log", "b.log")
	n.arm(writeEvents)
	write("a.log", "six\n")
	ready(writeEvents)
	read(writeEvents, "a.log")
}
