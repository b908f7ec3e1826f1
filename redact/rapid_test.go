package redact

import (
	"testing"

	"pgregory.net/rapid"
)

// TestPieces gives the fast redactor and the slow one texts put together at random from words that mean something.
func TestPieces(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		in := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) byte { return byte(rapid.IntRange(0, len(pieces)-1).Draw(rt, "piece")) }), 1, 24).Draw(rt, "pieces")
		text := spell(in)
		emails := rapid.Bool().Draw(rt, "emails")
		r := New(Options{Emails: emails})
		got := r.String(text)
		if want := slowly(text, emails); got != want {
			rt.Fatalf("of %q\nfast %q\nslow %q", text, got, want)
		}
		if again := r.String(got); again != got {
			rt.Fatalf("of %q\nonce  %q\ntwice %q", text, got, again)
		}
	})
}
