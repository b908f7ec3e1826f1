package redact

import "strings"

func isUpper(c byte) bool { return 'A' <= c && c <= 'Z' }
func isLower(c byte) bool { return 'a' <= c && c <= 'z' }
func isDigit(c byte) bool { return '0' <= c && c <= '9' }
func isAlnum(c byte) bool { return isUpper(c) || isLower(c) || isDigit(c) }
func isHex(c byte) bool   { return isDigit(c) || 'a' <= c|0x20 && c|0x20 <= 'f' }

// isSpace: white space, line ends included. isBlank: within a line.
func isSpace(c byte) bool { return c == ' ' || '\t' <= c && c <= '\r' }
func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// isJoint: what may stand between the parts of a name: access_key, access-key, access.key, Access Key.
func isJoint(c byte) bool { return c == '-' || c == '_' || c == '.' || c == ' ' }

// isName: the bytes of names such as spring.datasource.password.
func isName(c byte) bool { return isAlnum(c) || c == '_' || c == '.' || c == '-' }

func isQuote(c byte) bool { return c == '"' || c == '\'' || c == '`' }

// isParam: the numbers of a terminal escape.
func isParam(c byte) bool { return isDigit(c) || c == ';' || c == ':' || c == '?' }

// isRun: base64 of both alphabets, without padding.
func isRun(c byte) bool { return isAlnum(c) || c == '+' || c == '/' || c == '-' || c == '_' }

func isOneOf(c byte, set string) bool { return strings.IndexByte(set, c) >= 0 }

func lower(c byte) byte {
	if isUpper(c) {
		return c | 0x20
	}
	return c
}

// while returns the first place at or after i, but not after limit, whose byte is not one that is wanted.
func while(text []byte, i, limit int, wanted func(byte) bool) int {
	for limit = min(limit, len(text)); i < limit && wanted(text[i]); i++ {
	}
	return i
}
