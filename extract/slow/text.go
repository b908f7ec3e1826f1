package slow

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	candidate = regexp.MustCompile(`(IS|APIGW?|ModelArts)\.[0-9]{4}`)
	token     = regexp.MustCompile(`(?:IS|APIGW?)\.[0-9]{4}|ModelArts\.[0-9]{4,8}`)
	zeros     = regexp.MustCompile(`\.0+$`)
	wordEnds  = regexp.MustCompile(`[A-Za-z0-9_.]$`)
	wordGoes  = regexp.MustCompile(`^\.?[A-Za-z0-9_]`)
)

// KnownPaths are the places that `match: fields` is restricted to, in their order.
var KnownPaths = []string{
	"error_code", "errorCode", "errCode", "err_code", "ErrorCode", "error.code", "error.error_code", "errors.#.code",
	"errors.#.error_code", "errors.#.errorCode", "details.#.error_code", "err.code", "code",
}

// Codes are the codes that the text of a record names, in order, with repeats.
func Codes(text, match string) []string {
	if !candidate.MatchString(text) {
		return nil
	}
	texts := []string{text}
	if value, ok := parseJSON(text); ok && match == "fields" {
		texts = nil
		for _, path := range KnownPaths {
			for _, v := range find(value, path) {
				if s, ok := v.(string); ok {
					texts = append(texts, stringsIn(s, 0)...)
				}
			}
		}
	} else if match == "fields" {
		return nil
	} else if ok {
		texts = stringsIn(value, 0)
	}
	var codes []string
	for _, t := range texts {
		codes = append(codes, Tokens(t)...)
	}
	return codes
}

// Tokens are the codes named by a text that is not JSON, after cleaning, in order, with repeats.
func Tokens(text string) []string {
	text = Clean(text)
	var codes []string
	for _, at := range token.FindAllStringIndex(text, -1) {
		code := text[at[0]:at[1]]
		before, after := text[:at[0]], text[at[1]:]
		if !wordEnds.MatchString(before[max(0, len(before)-1):]) && !wordGoes.MatchString(after) && !zeros.MatchString(code) {
			codes = append(codes, code)
		}
	}
	return codes
}

const colour = `(?:\x1b|\\+(?:u001[bB]|x1[bB]|033|e)|#033)\[[0-9;:?]*[mK]`

var (
	frontColours = regexp.MustCompile(`^(?:` + colour + `)+`)
	unclean      = regexp.MustCompile(colour + `|\\+[ntrbfvae]` +
		`|\\+(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2})|([0-7]{3})|0)`)
)

// Clean takes colours away and turns escapes into what they stand for, in one pass from left to right: what comes out
// is not looked at again.
func Clean(text string) string {
	return unclean.ReplaceAllStringFunc(text, func(s string) string {
		if strings.HasSuffix(s, "m") || strings.HasSuffix(s, "K") {
			return ""
		}
		m := unclean.FindStringSubmatch(s)
		n, err := strconv.ParseUint(m[1]+m[2]+m[3], 16, 32)
		if m[4] != "" {
			n, err = strconv.ParseUint(m[4], 8, 32)
		}
		if err != nil || n > 127 {
			return " "
		}
		return string(rune(n))
	})
}

var (
	continues = regexp.MustCompile("^(?:$|[ \t\v\f\r\n]|[\\]})]|at |\\.\\.\\. |Caused by:)")
	header    = regexp.MustCompile(`^(?:[A-Za-z0-9_$]+\.)+[A-Z][A-Za-z0-9_$]*(?::|$)`)
	throwable = regexp.MustCompile(`(?:Exception|Error|Throwable)(?::|$)`)
)

// Continues tells whether a line with this text continues the one before, whatever that is.
func Continues(text string) bool {
	return continues.MatchString(frontColours.ReplaceAllString(text, ""))
}

// Header tells whether a text is a Java exception header.
func Header(text string) bool {
	name := header.FindString(frontColours.ReplaceAllString(text, ""))
	return throwable.MatchString(name)
}

// LogLine tells whether a text continues nothing and is no exception header.
func LogLine(text string) bool { return !Continues(text) && !Header(text) }
