package extract

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// piece draws what lines are made of: codes, things that look like codes, and what may stand around them.
var pieces = []string{
	"IS.4006", "IS.0001", "APIG.0301", "APIGW.0308", "APIG.0201", "ModelArts.4101", "ModelArts.81001", "ModelArts.123456789", "IS.9999", "APIG.0000",
	"AIS.0104", "IS.40067", "IS.2001.png", "v1.IS.0001", "THIS.4006", "IS.", "4006", "IS", ".", "ModelArts.",
	" ", "\t", "}", "]", ")", "at ", "... ", "Caused by: ", "com.example.ApiException", "com.example.ApiException: ", "java.lang.Error", ":", "{", "[",
	"\\n", "\\\\t", "\\u003c", "\\u001b[31m", "\x1b[0m", "\x1b[1;31m", "#033[0K", "\\x41", "\\101", "\\0", "\"", "'", ",", "错误码", "\xff", "\x00", "\r", "0", "a", "_",
	"decrypt token fail", "Token Expires", "Backend timeout", "request_id=8f2c", `{"error_code":"IS.0021","error_msg":"x"}`, `{\"error_code\":\"IS.0013\"}`,
	`{"errors":[{"code":"IS.0003"},{"error_code":"APIG.0308"}],"code":"APIG.0101"}`, `{"a":"{\"b\":[\"IS.2105\",\"\\u003cIS.2106\"]}"}`, "ERROR ", "2026-11-23 10:00:00 ",
}

func drawLine(t *rapid.T) string {
	return strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 6).Draw(t, "line"), "")
}

// drawFile draws a file of a format; some lines are long, so that events reach further back than is looked.
func drawFile(t *rapid.T, format Format) []byte {
	var b strings.Builder
	for range rapid.IntRange(0, 14).Draw(t, "lines") {
		line := drawLine(t)
		if rapid.IntRange(0, 9).Draw(t, "long") == 0 {
			line = rapid.SampledFrom([]string{" ", "x", ""}).Draw(t, "front") + strings.Repeat("y", rapid.SampledFrom([]int{100, 30000, 65400, 66000}).Draw(t, "length")) + line
		}
		if rapid.IntRange(0, 12).Draw(t, "torn") == 0 {
			fmt.Fprintf(&b, "%s\n", line)
			continue
		}
		stream := rapid.SampledFrom([]string{"stdout", "stderr"}).Draw(t, "stream")
		switch format {
		case CRI:
			fmt.Fprintf(&b, "2026-11-23T10:00:00.5Z %s %s %s\n", stream, rapid.SampledFrom([]string{"F", "F", "F", "P", "P:x"}).Draw(t, "tag"), line)
		case Docker:
			end := rapid.SampledFrom([]string{`\n`, `\n`, `\r\n`, ``, `\\n`}).Draw(t, "end")
			quoted := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\x1b", `\u001b`, "\t", `\t`, "\r", `\r`, "\x00", `\u0000`).Replace(line)
			fmt.Fprintf(&b, `{"log":"%s%s","stream":"%s","time":"2026-11-23T10:00:00.5Z"}`+"\n", quoted, end, stream)
		case Raw, Auto:
			fmt.Fprintf(&b, "%s\n", line)
		}
	}
	if rapid.Bool().Draw(t, "unfinished") {
		return []byte(strings.TrimSuffix(b.String(), "\n"))
	}
	return []byte(b.String())
}

func TestFastAgreesWithSlowOnDrawnFiles(t *testing.T) {
	cat := loadCatalog(t)
	for _, format := range []Format{Raw, CRI, Docker} {
		t.Run(string(format), func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				file := drawFile(rt, format)
				as := rapid.SampledFrom([]Format{format, Auto}).Draw(rt, "as")
				match := rapid.SampledFrom([]Match{Anywhere, Anywhere, Fields}).Draw(rt, "match")
				compare(t, cat, file, as, match, 1, rapid.IntRange(1, 400).Draw(rt, "block"))
			})
		})
	}
}
