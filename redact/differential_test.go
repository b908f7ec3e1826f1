package redact

import (
	"strings"
	"testing"
)

// compare holds the fast redactor against the slow one, and both against being asked twice.
func compare(t *testing.T, text string, emails bool) {
	t.Helper()
	r := New(Options{Emails: emails})
	got := r.String(text)
	if want := slowly(text, emails); got != want {
		t.Fatalf("of %q\nfast %q\nslow %q", text, got, want)
	}
	if again := r.String(got); again != got {
		t.Fatalf("of %q\nonce  %q\ntwice %q", text, got, again)
	}
}

func TestFastMasksAsSlow(t *testing.T) {
	for _, row := range readRows[secretRow](t, "testdata/secrets.jsonl") {
		if len(row.Text) < 1500 {
			compare(t, row.Text, false)
			compare(t, row.Text, true)
			compare(t, strings.ToUpper(row.Text), true)
		}
	}
	for _, row := range readRows[harmlessRow](t, "testdata/harmless.jsonl") {
		compare(t, row.Text, false)
		compare(t, row.Text, true)
	}
}
