package redact

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func parseJSON(t *testing.T, text []byte) (m map[string]any) {
	t.Helper()
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return m
}

func TestExcerpt(t *testing.T) {
	f := func(line string, most int, want string) {
		t.Helper()
		var r Redactor
		got := r.Excerpt([]byte(line), strings.Index(line, "IS."), most)
		if got != want {
			t.Errorf("of %q, at most %d bytes:\ngot  %q\nwant %q", line, most, got, want)
		}
		checkShown(t, got, most)
	}
	f("IS.4006", 100, "IS.4006")
	f("", 100, "")
	f("IS.4006", 15, "")
	f("token=abc123def IS.4006 sk=abc", 100, "token=[masked token] IS.4006 sk=[masked access_key]")
	f("error IS.4006 the account is frozen", 24, "error IS.4006 the …")
	f("one two three four five IS.4006 six seven eight nine ten", 30, "…ur five IS.4006 six seve…")
	f("a\tb\r\nc\x00\x1b[31mIS.4006\x1b[0m\x7f", 100, "a b  c␀␛[31mIS.4006␛[0m␡")
	f("bad \xff\xfe IS.4006 \xe4\xb8", 100, "bad \ufffd\ufffd IS.4006 \ufffd\ufffd")
	f("\u202eevil\u2066 \u0085 \u200b \u2028 \ufeff IS.4006", 100, "\ufffdevil\ufffd \ufffd \ufffd \ufffd \ufffd IS.4006")
	f("错误码错误码错误码错误码IS.0001，请检查请检查请检查", 40, "…码错误码IS.0001，请检查请…")
	f(strings.Repeat("é", 20)+"IS.0001", 20, "…éééIS.0001")
	// A mark that has no room is left out as a whole.
	f("sk=0123456789abcdef IS.4006", 20, "… IS.4006")
}

// checkShown is what holds of every excerpt.
func checkShown(t interface{ Errorf(string, ...any) }, got string, most int) {
	if len(got) > most {
		t.Errorf("%d bytes, more than %d: %q", len(got), most, got)
	}
	if !utf8.ValidString(got) {
		t.Errorf("not UTF-8: %q", got)
	}
	for _, c := range got {
		if unicode.In(c, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			t.Errorf("%U in %q", c, got)
		}
	}
}

func TestExcerptOutsideOfTheLine(t *testing.T) {
	f := func(line string, at, most int, want string) {
		t.Helper()
		var r Redactor
		if got := r.Excerpt([]byte(line), at, most); got != want {
			t.Errorf("Excerpt(%q, %d, %d) = %q, want %q", line, at, most, got, want)
		}
	}
	f("abc", -5, 100, "abc")
	f("abc", math.MinInt, math.MaxInt, "abc")
	f("abc", math.MaxInt, math.MaxInt, "abc")
	f("abc", 2, -1, "")
}

// TestExcerptOfEverySecret cuts around a code at every distance from each secret of the corpus, before it and behind it.
func TestExcerptOfEverySecret(t *testing.T) {
	var r Redactor
	for _, row := range readRows[secretRow](t, "testdata/secrets.jsonl") {
		if len(row.Text) > 4000 {
			continue
		}
		const code = " IS.4006 "
		for _, line := range []string{row.Text + "\n" + code, code + "\n" + row.Text} {
			at := strings.Index(line, code) + 1
			for most := 16; most < len(line)+20; most += 1 + most/4 {
				got := r.Excerpt([]byte(line), at, most)
				checkShown(t, got, most)
				for _, secret := range row.Secrets {
					if left := leak(got, secret); left != "" {
						t.Errorf("%s, %d bytes: %q is left in %q", row.Name, most, left, got)
					}
				}
			}
		}
	}
}

// TestExcerptOfLongLines puts a secret over each edge of what is read and shown.
func TestExcerptOfLongLines(t *testing.T) {
	var r Redactor
	long := strings.Repeat("Sek9", 1<<18) // 1 MiB
	const code = "IS.4006"
	f := func(name, line string, want string) {
		t.Helper()
		got := r.Excerpt([]byte(line), strings.LastIndex(line, code), 200)
		checkShown(t, got, 200)
		if strings.Contains(got, "Sek9") || got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	f("ends before the code", `{"password":"`+long[:1<<19]+`","code":"`+code+`"}`, `…[masked password]","code":"IS.4006"}`)
	f("holds the code", `{"password":"`+long[:1<<19]+code+long+`"}`, `…[masked password]…`)
	f("begins behind the code", code+` {"password":"`+long+`"}`, `IS.4006 {"password":"[masked password]…`)
	f("white space between name and value", code+` "password"`+strings.Repeat(" ", 32)+":"+strings.Repeat(" ", 32)+`"`+long,
		code+` "password"`+strings.Repeat(" ", 32)+":"+strings.Repeat(" ", 32)+`"[masked password]…`)
	f("a key", code+" -----BEGIN PRIVATE KEY-----\n"+long[:15<<10]+"\n-----END PRIVATE KEY-----", code+" [masked private_key]…")
	f("too far", strings.Repeat("x ", 1<<19)+" "+code+" "+long, "…IS.4006…")
	f("too far and inside", `"password":"`+long+code+long, "…IS.4006…")
	if got := r.Excerpt([]byte(`"password":"`+long), MaxBefore+9, 200); got != "…" && got != "……" {
		t.Errorf("where there is no code: %q", got)
	}
}

// TestNothingShownDependsOnWhatIsNotRead holds what is masked of the beginning of a text against what is masked of all of it.
func TestNothingShownDependsOnWhatIsNotRead(t *testing.T) {
	fillers := []string{"a", "Ab3", " ", "\\", "\n", "\"", "a@", "\x1b[0m", "a ", "=", `\n`, ",", "-", "MII", ".", "%", "a:"}
	rapid.Check(t, func(rt *rapid.T) {
		var text []byte
		for range rapid.IntRange(1, 6).Draw(rt, "parts") {
			in := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) byte { return byte(rapid.IntRange(0, len(pieces)-1).Draw(rt, "piece")) }), 0, 8).Draw(rt, "pieces")
			text = append(text, spell(in)...)
			text = append(text, bytes.Repeat([]byte(rapid.SampledFrom(fillers).Draw(rt, "filler")), rapid.SampledFrom([]int{0, 1, 63, 64, 100, 2000, 17000, 30000}).Draw(rt, "times"))...)
		}
		shown := rapid.IntRange(0, len(text)).Draw(rt, "shown")
		whole, part := masked(text), masked(text[:min(len(text), shown+lookahead)])
		for p := range shown {
			if whole[p] && !part[p] {
				rt.Fatalf("byte %d of %d is masked, but not if only %d are read", p, len(text), shown+lookahead)
			}
		}
	})
}

// masked says of each byte whether it is.
func masked(text []byte) []bool {
	var spans []span
	s := scanner{text: text, spans: &spans}
	s.scan(true)
	is := make([]bool, len(text))
	for _, sp := range spans {
		for p := sp.start; p < sp.end; p++ {
			is[p] = true
		}
	}
	return is
}

func BenchmarkExcerpt(b *testing.B) {
	var r Redactor
	for name, text := range hostile() {
		line := append(bytes.Clone(text[:len(text)-10]), " IS.4006 "...)
		b.Run(fmt.Sprintf("hostile/%s", name), func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(line)))
			for b.Loop() {
				r.Excerpt(line, len(line)-8, 512)
			}
		})
	}
}
