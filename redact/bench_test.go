package redact

import (
	"bytes"
	"strings"
	"testing"
)

// hostile are texts that make a careless masker quadratic: many beginnings of something that never ends.
func hostile() map[string][]byte {
	const size = 1 << 20
	texts := map[string][]byte{}
	for name, unit := range map[string]string{
		"letters":     "a",
		"names":       "token=",
		"names quote": `password="`,
		"names list":  "X-Auth-Token:[",
		"slashes":     `\`,
		"escaped":     `password=\\\\\\\\`,
		"pem":         "-----BEGIN PRIVATE KEY-----",
		"pem end":     "AAAAAAAAAAAAAAAAAAAAAAAAA\n-----END PRIVATE KEY-----",
		"urls":        "://a:a",
		"at":          "a@",
		"jwt":         "eyJa.",
		"mii":         "MIIa",
		"base64":      "Aa1/",
		"commas":      "password=a,a",
		"cookie":      "cookie: a=;",
		"auth":        "Authorization: Digest uri=",
		"marks":       "[masked token",
		"masked":      "[masked token]",
		"flags":       "--password ",
		"keys":        "ak:sk:",
		"colours":     "token\x1b[0m\x1b[0m",
		"curl":        "-u a:",
		"xml":         "<password>",
		"query":       "?x-amz-a=",
		"tails":       `token="token":`,
		"hmac":        "hmac access=a ",
		"schemes":     "Authorization: Bearer Bearer ",
		"words":       "Authorization: a ",
		"lists":       `token: ["a", `,
	} {
		texts[name] = bytes.Repeat([]byte(unit), size/len(unit)+1)[:size]
	}
	texts["token"] = append([]byte("X-Auth-Token: "), texts["base64"]...)
	texts["quoted"] = append([]byte(`"password":"`), texts["slashes"]...)
	return texts
}

func BenchmarkText(b *testing.B) {
	f := func(name string, text []byte) {
		b.Run(name, func(b *testing.B) {
			var r Redactor
			var dst []byte
			b.SetBytes(int64(len(text)))
			b.ReportAllocs()
			for b.Loop() {
				dst = r.Text(dst[:0], text)
			}
		})
	}
	f("common", []byte(`2026-03-05 09:12:44.123 ERROR 7 --- [nio-8080-exec-3] c.e.gallery.SearchController : search failed, errorCode=IS.2002, requestId=da0a73fe498cc4ebe2d803eaa9e70c78`))
	f("header", []byte(`ERROR POST /v1/mms/search X-Auth-Token: `+strings.Repeat("MIIDkgYJKoZI", 100)+` X-Request-Id: da0a73fe498cc4ebe2d803eaa9e70c78`))
	for name, text := range hostile() {
		f("hostile/"+name, text)
	}
}
