package served

import (
	"fmt"
	"strings"
	"testing"
)

// TestHostileLinesInABrowser lets a log hold what would run in a page, and looks whether any of it does.
func TestHostileLinesInABrowser(t *testing.T) {
	x := start(t)
	run := `window.evil=1;document.title='evil'`
	for i, line := range []string{
		"<script>" + run + "</script>", `"><img src=x onerror="` + run + `">`, `' autofocus onfocus='` + run, "</textarea><script>" + run + "</script>", "</title></style><svg onload=" + run + ">",
		"{{.}} ${" + run + "} javascript:" + run, "\x1b]0;evil\x07\x1b[2J", "\u202e" + run + "\u2066\u200b", strings.Repeat("W", 500_000), "<a href=javascript:" + run + ">x</a>", "<base href=//evil.example/>",
		"<meta http-equiv=refresh content=0;url=//evil.example>", "<link rel=stylesheet href=//evil.example/x.css>", "<iframe srcdoc='<script>parent.evil=1</script>'>",
	} {
		x.write(fmt.Sprintf("ERROR IS.4006 request_id=%s-%d %s\n", line, i, line))
		x.write("ERROR " + line + ` IS.4006 request_id="` + line + "\"\n")
	}
	x.counts("IS.4006", 28)
	b := x.browse()
	for _, path := range []string{"/", "/codes/IS.4006", "/codes/IS.4006/ticket", "/codes", "/?q=%22%3E%3Cscript%3Ewindow.evil=1%3C/script%3E", "/codes/%3Cimg%20src=x%20onerror=evil()%3E", "/api/v1/events", "/api/v1/errors"} {
		b.open(path)
		b.until(patience, `document.readyState === 'complete'`)
		if ask[bool](b, `'evil' in window || document.title.includes('evil') || document.querySelector('img, iframe, base, main script, [onerror], [onload], [onfocus]') !== null`) {
			t.Errorf("%s: what a log says has become part of the page", path)
		}
		if text := ask[string](b, "document.body.textContent"); strings.ContainsAny(text, "\x07\x1b\u202e\u2066\u200b") || strings.Contains(text, strings.Repeat("W", 600)) {
			t.Errorf("%s: characters are shown that a page or a terminal obeys, or a word that is too long", path)
		}
		if ask[bool](b, "document.documentElement.scrollWidth > innerWidth") {
			t.Errorf("%s: the page is wider than the window", path)
		}
	}
	// Also in what comes while the page is open.
	b.mu.Lock()
	b.complaints = without(b.complaints, "/codes/%3Cimg")
	b.mu.Unlock()
	b.open("/codes/IS.4006")
	b.until(patience, `document.getElementById('live').textContent === 'Live'`)
	x.write("ERROR IS.4006 request_id=last <img src=x onerror=window.evil=1><script>window.evil=1</script>\n")
	b.until(patience, `document.querySelector('.events li').textContent.includes('onerror')`)
	if ask[bool](b, `'evil' in window || document.querySelector('img') !== null`) {
		t.Error("what came while the page was open has run")
	}
}

// without leaves out complaints about a page that is not there.
func without(complaints []string, part string) []string {
	var left []string
	for _, c := range complaints {
		if !strings.Contains(c, part) {
			left = append(left, c)
		}
	}
	return left
}
