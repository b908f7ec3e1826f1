package redact

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// planted is the secret that shapes hide.
const planted = "Zq7kW2xPv9LtR4mBhJ6s"

// shapes are ways to write a secret that must hold whatever stands around them. § is the secret.
var shapes = []string{
	"X-Auth-Token: §", "X-Auth-Token=§", `"X-Auth-Token":"§"`, `"X-Auth-Token": ["§"]`, `\"X-Auth-Token\": \"§\"`, `\\\"x-auth-token\\\":\\\"§\\\"`, `'X-Subject-Token': '§'`, `(b'X-Auth-Token', b'§')`,
	"X-Security-Token:[§]", `"X-Auth-Token":[]string{"§"}`, "securityToken=§", `&quot;token&quot;:&quot;§&quot;`, `%22token%22%3A%22§%22`, `\u0022token\u0022:\u0022§\u0022`, "<SecurityToken>§</SecurityToken>",
	" Authorization: §", `"Authorization":"Gallery §"`, " SDK-HMAC-SHA256 Access=§, SignedHeaders=host, Signature=§", " Bearer §", " Basic §", "Cookie: sid=§; b=§",
	" ak=§", " sk: §", `"sk":"§"`, "secret_access_key = §", "AccessKeyId=§", `client_secret='§'`, `encoded_authorization_message:§`, "?AWSAccessKeyId=§&Expires=1&Signature=§",
	"?X-Amz-Credential=§", "password=§", "password: §", `"password":"§"`, " --admin-password §", `adminPass="§"`, "密码：§", " https://user:§@host/", " -u user:§",
	" MIIDkgYJKoZIhvcNAQcCoII§", " eyJhbGciOiJIUzI1NiJ9.eyJ§.§", "-----BEGIN PRIVATE KEY-----\n§", `-----BEGIN RSA PRIVATE KEY-----\nMIIE§\n-----END RSA PRIVATE KEY-----`,
}

// checkPlanted wants nothing of the secret in what is shown of it.
func checkPlanted(t interface{ Fatalf(string, ...any) }, before, after string, shape byte) {
	if leak(before+after, planted) != "" {
		return // then it is no secret
	}
	text := before + strings.ReplaceAll(shapes[int(shape)%len(shapes)], "§", planted) + after
	var r Redactor
	masked := r.String(text)
	if left := leak(masked, planted); left != "" {
		t.Fatalf("%q is left of the secret in %q: %q", left, text, masked)
	}
	if again := r.String(masked); again != masked {
		t.Fatalf("of %q\nonce  %q\ntwice %q", text, masked, again)
	}
	for _, at := range []int{0, len(before), len(text)} {
		for _, most := range []int{16, 40, 100, 1000} {
			got := r.Excerpt([]byte(text), at, most)
			if left := leak(got, planted); left != "" {
				t.Fatalf("%q is left of the secret in the excerpt of %q at %d, at most %d: %q", left, text, at, most, got)
			}
		}
	}
}

// TestPlanted puts words and punctuation that mean something around a secret.
func TestPlanted(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		part := rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) byte { return byte(rapid.IntRange(0, len(pieces)-1).Draw(rt, "piece")) }), 0, 6)
		before, after := spell(part.Draw(rt, "before")), spell(part.Draw(rt, "after"))
		checkPlanted(rt, before, after, byte(rapid.IntRange(0, len(shapes)-1).Draw(rt, "shape")))
	})
}

// TestShapes shows that each shape is masked, with nothing around it.
func TestShapes(t *testing.T) {
	for i := range shapes {
		checkPlanted(t, "", "", byte(i))
		checkPlanted(t, "2026-03-05 ERROR ", " request_id=r-1", byte(i))
	}
}
