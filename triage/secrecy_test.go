package triage

import (
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"errcode_exporter/catalog"
)

func findings(t testing.TB, cat *catalog.Catalog, code, words string) []catalog.Finding {
	t.Helper()
	return []catalog.Finding{finding(t, cat, code, words)}
}

func readAll(t *testing.T, r *http.Response) string {
	t.Helper()
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// every is each address that shows something of what happened.
func every(code string) []string {
	return []string{
		"/", "/codes", "/codes/" + code, "/codes/" + code + "/ticket", "/api/v1/errors", "/api/v1/errors?code=" + code, "/api/v1/codes?code=" + code, "/api/v1/events",
	}
}

// TestStrangersSeeCountsOnly asks as somebody who may not read logs: neither IDs nor excerpts are anywhere, and how to see them is said.
func TestStrangersSeeCountsOnly(t *testing.T) {
	s := serve(t)
	s.line("IS.4006", "search", "a line with IS.4006 and some words")
	said := 0
	for _, stranger := range []bool{false, true} {
		s.stranger = stranger
		shown := 0
		for _, path := range every("IS.4006") {
			body := s.get(path)
			if strings.Contains(body, "req-000001") || strings.Contains(body, "some words") {
				shown++
				if stranger {
					t.Errorf("%s shows a stranger what a log says: %s", path, body)
				}
			}
			if !strings.Contains(body, "IS.4006") {
				t.Errorf("%s does not show the code", path)
			}
			if stranger && strings.Contains(body, "--web.config.file") {
				said++
			}
		}
		if !stranger && shown < 5 {
			t.Errorf("only %d addresses show request IDs to those who may see them", shown)
		}
	}
	if said < 6 { // all but those about the catalog
		t.Errorf("%d addresses say how to see more", said)
	}
	var a errorsAnswer
	if err := json.Unmarshal([]byte(s.get("/api/v1/errors")), &a); err != nil || a.Details.Shown || a.Details.How == "" {
		t.Errorf("%+v %v", a.Details, err)
	}
}

// hostileLines are what a log may hold to get at who looks at it.
func hostileLines() []string {
	return []string{
		`<script>alert("evil")</script>`, `"><img src=x onerror=evil()>`, `' onmouseover='evil()`, `javascript:evil()`, `{{.Board}} {{template "x"}} ${evil} #{evil} <%= evil %>`,
		"\x1b[2J\x1b]0;evil\x07\x1b[31m", "evil\u202eRTL\u2066\u200b\u2028\u2029", "\x00\x01\x7f\xff\xfe\xc0\x80", `</textarea><script>evil()</script>`, "</title></style><svg onload=evil()>",
		"``` evil\n# not a heading", "<!-- evil --> ]]>", strings.Repeat("W", 1<<20), `\u003cscript\u003eevil()\u003c/script\u003e`, "&lt;script&gt;evil()&lt;/script&gt;",
	}
}

// attribute finds event handlers inside of tags, where text never is.
var attribute = regexp.MustCompile(`<[a-zA-Z][^<>]*\son[a-z]+\s*=`)

// TestHostileLinesAreInert lets a log hold all of it, and looks at everything that is served.
func TestHostileLinesAreInert(t *testing.T) {
	s := serve(t)
	for _, line := range hostileLines() {
		for _, text := range []string{"IS.4006 " + line, line + " IS.4006", `{"error_code":"IS.4006","error_msg":"` + line + `"}`} {
			s.lines++
			s.See(Sighting{
				Source: "search", Time: s.now(), Findings: findings(t, s.catalog.Load(), "IS.4006", ""), Text: []byte(text), File: "f", Offset: s.lines,
				RequestID: line, TraceID: line,
			})
			s.pass(time.Second)
		}
	}
	if len(s.events("IS.4006")) != 3*len(hostileLines()) {
		t.Fatalf("%d events are kept", len(s.events("IS.4006")))
	}
	for _, path := range append(every("IS.4006"), "/codes/%3Cscript%3Eevil()%3C%2Fscript%3E", "/api/v1/errors?q=%3Cscript%3Eevil()%3C%2Fscript%3E", "/?q=%22%3E%3Cscript%3Eevil()%3C/script%3E", "/?actor=%22onmouseover=evil()") {
		w := s.do(http.MethodGet, path)
		body, kind := w.Body.String(), w.Header().Get("Content-Type")
		if strings.ContainsAny(body, "\x00\x01\x07\x1b\x7f\u202e\u2066\u200b\u2028\u2029") || !json.Valid([]byte(body)) && strings.HasPrefix(kind, "application/json") {
			t.Errorf("%s holds characters that a terminal or a page obeys", path)
		}
		if strings.HasPrefix(kind, "text/plain") && w.Header().Get("X-Content-Type-Options") == "nosniff" {
			continue // shown as it is written
		}
		for _, bad := range []string{"<script>", "<img", "<svg onload", "<!--", "{{", "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW" + strings.Repeat("W", 512)} {
			if strings.Contains(body, bad) && !strings.HasPrefix(kind, "application/json") || strings.Contains(body, strings.Repeat("W", 513)) {
				t.Errorf("%s holds %.40q", path, bad)
			}
		}
		if strings.HasPrefix(kind, "text/html") && attribute.MatchString(body) {
			t.Errorf("%s has an event handler: %s", path, attribute.FindString(body))
		}
		if strings.HasPrefix(kind, "application/json") && strings.ContainsAny(body, "<>") {
			t.Errorf("%s holds tags", path)
		}
	}
	ticket := s.get("/codes/IS.4006/ticket")
	fence := regexp.MustCompile("(?m)^`{3,}").FindAllString(ticket, -1)
	if len(fence) != 2 {
		t.Errorf("a line of the log ends the block that it is in: %q\n%s", fence, ticket)
	}
}

// TestTicket is what support is sent.
func TestTicket(t *testing.T) {
	s := serve(t)
	s.line("IS.4006", "search", "2026-03-05 ERROR IS.4006 password=hunter2hunter2 request_id=req-000001")
	s.pass(time.Minute)
	s.occurs("IS.4006", "wor|ker")
	ticket := s.get("/codes/IS.4006/ticket")
	for _, want := range []string{
		"# IS.4006: The account is frozen.\n", "- Service: Image Search (Huawei Cloud), HTTP status 400\n", "- First seen: 2026-03-05 12:00:00 UTC\n", "- Last seen: 2026-03-05 12:01:00 UTC\n",
		"- Events: 2, of these 2 in the hour before 2026-03-05 12:01:00 UTC\n", "| search | 1 | 1 | 2026-03-05 12:00:00 UTC |", `| wor\|ker | 1 |`,
		"- `req-000002`\n- `req-000001`\n", "password=[masked password]", "> Check whether the account is in arrears.",
	} {
		if !strings.Contains(ticket, want) {
			t.Errorf("%q is missing in\n%s", want, ticket)
		}
	}
	if strings.Contains(ticket, "hunter2") {
		t.Error("a secret is in the ticket")
	}
	if !strings.Contains(s.get("/codes/IS.4006"), "# IS.4006: The account is frozen.") {
		t.Error("the ticket is not on the page")
	}
}
