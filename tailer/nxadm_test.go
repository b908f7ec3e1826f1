package tailer

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/nxadm/tail"
)

// followed returns a follower of a file that holds text, at offset, and what writes to the file.
func followed(t *testing.T, text string, offset int64) (*follower, func(string)) {
	t.Helper()
	f, err := os.Create(t.TempDir() + "/app.log")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = f.Close() })
	write := func(text string) {
		t.Helper()
		if _, err := f.WriteString(text); err != nil {
			t.Fatal(err)
		}
	}
	write(text)
	w, err := newFollower(fmt.Sprintf("/proc/self/fd/%d", f.Fd()), offset)
	if err != nil {
		// Another version of nxadm/tail may have elsewhere what is private: then files are only read in blocks. Find another way.
		t.Fatalf("nxadm/tail cannot be led: %v", err)
	}
	t.Cleanup(w.stop)
	return w, write
}

// It reads as far as it is told, however much there is, and gives lines with the offset of their end.
func TestFollowerReadsNoFurther(t *testing.T) {
	w, write := followed(t, "one\ntwo\nthree\nfour", 4)
	f := func(end int64, want ...string) {
		t.Helper()
		var got []string
		err := w.read(end, func(l *tail.Line) bool {
			got = append(got, fmt.Sprintf("%s %d", l.Text, l.SeekInfo.Offset))
			return true
		})
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("to %d: got %q and error %v, want %q", end, got, err, want)
		}
	}
	f(4)
	f(6)
	f(8, "two 8")
	f(18, "three 14")
	write("teen\n\n")
	write(strings.Repeat("x", 10_000) + "\nafter\n")
	f(24, "fourteen 23", " 24")
	f(5000)
	f(10_031, strings.Repeat("x", 10_000)+" 10025", "after 10031")
}

func TestFollowerSaysWhatItMeets(t *testing.T) {
	take := func(*tail.Line) bool { return true }
	w, _ := followed(t, "one\ntwo\n", 0)
	if err := w.read(4, func(*tail.Line) bool { return false }); !errors.Is(err, errTorn) {
		t.Errorf("a line is refused: %v", err)
	}
	w, _ = followed(t, "one\ntwo\n", 0)
	if err := w.read(9, take); !errors.Is(err, errTorn) {
		t.Errorf("there is less: %v", err)
	}
	w, _ = followed(t, "one\ntwo\n", 0)
	_ = w.file.Close() // it is closed again in the end
	if err := w.read(8, take); !errors.Is(err, errEnded) {
		t.Errorf("it cannot be read: %v", err)
	}
	if _, err := newFollower("/proc/self/fd/no", 0); err == nil {
		t.Error("what is not there is followed")
	}
}

// Between turns it waits, and can be stopped at any time.
func TestFollowerStops(t *testing.T) {
	f := func(after func(w *follower)) {
		t.Helper()
		w, _ := followed(t, "one\ntwo\nthree", 0)
		after(w)
		w.stop()
		if err := w.tail.Err(); err != nil {
			t.Error(err)
		}
	}
	f(func(*follower) {})
	f(func(w *follower) { _ = w.read(13, func(*tail.Line) bool { return true }) })
	f(func(w *follower) { _ = w.read(13, func(*tail.Line) bool { return false }) }) // it has another line to hand over
}
