package main

import (
	"strings"
	"testing"
)

func TestLastLineEnd(t *testing.T) {
	f := func(text string, want int64) {
		t.Helper()
		if got, err := lastLineEnd(strings.NewReader(text), int64(len(text))); err != nil || got != want {
			t.Errorf("%d bytes: %d, %v, want %d", len(text), got, err, want)
		}
	}
	f("", 0)
	f("a", 0)
	f("a\n", 2)
	f("a\nb", 2)
	f("a\n"+strings.Repeat("b", 200_000), 2)
	f(strings.Repeat("b", 200_000), 0)
	f(strings.Repeat("b", 64<<10)+"\n", 64<<10+1)
}
