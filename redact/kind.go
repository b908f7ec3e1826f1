package redact

// Kind is what a masked text was taken for. Its name is the label of the counter and stands in the mark.
type Kind uint8

// The kinds of secrets. docs/redaction.md says what belongs to each.
const (
	Token                Kind = iota // X-Auth-Token and its kin, IAM tokens, whatever is called a token
	Cookie                           // Cookie, Set-Cookie
	Authorization                    // Authorization headers, signed requests, Basic and Bearer
	AccessKey                        // access keys and secret keys, API keys, client secrets
	Signature                        // signatures and credentials of signed requests
	AuthorizationMessage             // encoded_authorization_message
	SignedURL                        // the other parameters of a signed URL
	Password                         // passwords, also in URLs
	JWT                              // JSON Web Tokens
	PrivateKey                       // PEM private keys, and parts of them
	Base64                           // long base64 that nothing names
	Email                            // e-mail addresses, if asked for
	kinds
)

var names = [kinds]string{
	Token: "token", Cookie: "cookie", Authorization: "authorization", AccessKey: "access_key", Signature: "signature",
	AuthorizationMessage: "authorization_message", SignedURL: "signed_url", Password: "password", JWT: "jwt",
	PrivateKey: "private_key", Base64: "base64", Email: "email",
}

// String is the kind's name: lower-case letters, digits and underscores.
func (k Kind) String() string {
	if k < kinds {
		return names[k]
	}
	return "unknown"
}

// Kinds returns every kind, in a fixed order: a counter can show them all from 0.
func Kinds() []Kind {
	all := make([]Kind, kinds)
	for k := range all {
		all[k] = Kind(k)
	}
	return all
}

const markHead = "[masked "

// marks are what stands in the place of a secret.
var marks = func() (m [kinds]string) {
	for k, name := range names {
		m[k] = markHead + name + "]"
	}
	return m
}()

// markAt returns the length of the mark at text[i:], 0 if there is none. A mark is never looked into, and never taken apart:
// so masking what is masked changes nothing.
func markAt(text []byte, i int) int {
	if !hasAt(text, i, markHead) {
		return 0
	}
	for _, m := range marks {
		if hasAt(text, i, m) {
			return len(m)
		}
	}
	return 0
}

// hasAt reports whether text goes on with s at i.
func hasAt(text []byte, i int, s string) bool {
	return i >= 0 && len(text)-i >= len(s) && string(text[i:i+len(s)]) == s
}
