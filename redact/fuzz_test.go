package redact

import (
	"strings"
	"testing"
)

// pieces are what texts with secrets are made of. Bytes below len(pieces) stand for them in the input of FuzzPieces, so that the
// fuzzer finds texts that are worth a look sooner.
var pieces = []string{
	"X-Auth-Token", "token", "password", "pass", "Pass", "ak", "SK", "Authorization", "Cookie", "Set-Cookie", "Signature", "access_key", "密码", "_", "-", "--",
	"\\", "\"", "'", "`", "&quot;", "\\u0022", "%22", "%3D", ":", "=", "=>", "：", ",", ";", "&", "|", "[", "]", "{", "}", "(", ")", "<", ">", "</", " ", "\t", "\n", `\n`, `\t`,
	"[]string{", "b'", "null", "****", "IS.0021", "SDK-HMAC-SHA256 ", "Bearer ", "Basic ", "Digest ", "Access=", "SignedHeaders=", "nonce=", "\x1b[0m", `\u001b[31m`,
	"MIIDkgYJKoZIhvcNAQcCoIIDgzCC", "eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOjF9", "-----BEGIN RSA PRIVATE KEY-----", "-----END RSA PRIVATE KEY-----", "-----BEGIN ", "Proc-Type: 4,ENCRYPTED",
	"://", "@", "user", "?", "&Expires=", "X-Amz-Date", "x-obs-request-id", "\\u0026", "&amp;", "-u ", "[masked token]", "[masked private_key]", "[masked ", "a", "Z9", "hunter2secret",
	"Ab3/Ab3+Ab3/Ab3+Ab3/Ab3+Ab3/Ab3+Ab3/Ab3+", "Expires=Wed", " 21 Oct 2026 07:28:00 GMT", "a@b.example", "\xff", "，", "request_id=r-1", "{bcrypt}", "2026-03-05", "1000", "credential", "jsessionid",
	"value", "secret",
}

func spell(in []byte) string {
	var b strings.Builder
	for _, c := range in {
		if int(c) < len(pieces) {
			b.WriteString(pieces[c])
		} else {
			b.WriteByte(c - byte(len(pieces)) + 0x20)
		}
	}
	return b.String()
}

// FuzzText holds the fast redactor against the slow one, and wants what is masked to stay as it is when masked again.
func FuzzText(f *testing.F) {
	for _, row := range readRows[secretRow](f, "testdata/secrets.jsonl") {
		if len(row.Text) < 1000 {
			f.Add([]byte(row.Text), false)
		}
	}
	for _, row := range readRows[harmlessRow](f, "testdata/harmless.jsonl") {
		f.Add([]byte(row.Text), true)
	}
	f.Fuzz(func(t *testing.T, text []byte, emails bool) {
		if len(text) > 4096 {
			return // the slow one is slow
		}
		compare(t, string(text), emails)
	})
}

// FuzzPieces does what FuzzText does, with texts of words and punctuation that mean something.
func FuzzPieces(f *testing.F) {
	f.Add([]byte{0, 24, 60, 28}, false)
	f.Add([]byte{17, 2, 17, 24, 17, 81, 17}, true)
	f.Fuzz(func(t *testing.T, in []byte, emails bool) {
		if len(in) > 64 {
			return
		}
		compare(t, spell(in), emails)
	})
}

// FuzzPlanted puts anything around a secret.
func FuzzPlanted(f *testing.F) {
	for i := range shapes {
		f.Add("ERROR ", ", request_id=r-1", byte(i), false)
	}
	f.Add("\x11\x02\x11\x18", "\x11\x18", byte(2), true)
	f.Fuzz(func(t *testing.T, before, after string, shape byte, spelled bool) {
		if len(before)+len(after) > 1<<12 {
			return
		}
		if spelled {
			before, after = spell([]byte(before)), spell([]byte(after))
		}
		checkPlanted(t, before, after, shape)
	})
}

// FuzzExcerpt wants excerpts that can be shown, whatever the line is.
func FuzzExcerpt(f *testing.F) {
	f.Add([]byte("a\tb\x00\xff\u202e\x1b[31m IS.4006 password=hunter2"), 10, 30)
	f.Add([]byte("错误码IS.0001，请检查 [masked token]"), 9, 16)
	f.Fuzz(func(t *testing.T, line []byte, at, most int) {
		got := New(Options{Emails: true}).Excerpt(line, at, most)
		checkShown(t, got, max(0, most)) // nothing fits into less than nothing
	})
}
