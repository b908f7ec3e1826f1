package extract

import (
	"encoding/binary"
	"slices"
)

// unescape decodes what is between the quotes of a valid JSON string, over what buffer holds. It reports false where it meets
// an escape of four digits: that is for gjson.
func unescape(buffer, s []byte) (decoded []byte, ok bool) {
	out := slices.Grow(buffer[:0], len(s)+wordBytes)
	out = out[:len(s)+wordBytes]
	n, i := 0, 0
	for i < len(s) {
		if i+wordBytes <= len(s) {
			x := load(s, i)
			binary.LittleEndian.PutUint64(out[n:n+wordBytes:n+wordBytes], x)
			marks := zeros(x ^ '\\'*ones)
			if marks == 0 {
				n, i = n+wordBytes, i+wordBytes
				continue
			}
			n, i = n+lowest(marks), i+lowest(marks)
		} else if s[i] != '\\' {
			out[n] = s[i]
			n, i = n+1, i+1
			continue
		}
		if i+1 == len(s) {
			return out[:0], false
		}
		c := unescaped[s[i+1]]
		if c == 0 {
			return out[:0], false
		}
		out[n] = c
		n, i = n+1, i+2
	}
	return out[:n], true
}

// unescaped is what a letter behind a backslash stands for.
var unescaped = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}
