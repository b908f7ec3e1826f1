package served

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// busy lets a bit of everything happen.
func busy(t *testing.T, args ...string) *exporter {
	t.Helper()
	x := start(t, args...)
	var lines strings.Builder
	for i := range 12 {
		lines.WriteString(event("IS.4006", fmt.Sprintf("frozen-%02d", i)))
		fmt.Fprintf(&lines, `{"error_code":"APIG.0301","error_msg":"verify aksk signature fail","request_id":"aksk-%d"}`+"\n", i)
		fmt.Fprintf(&lines, `{"error_code":"APIG.0301","error_msg":"token expires","request_id":"token-%d"}`+"\n", i)
	}
	lines.WriteString(event("ModelArts.99999999", "") + event("IS.2002", "small"))
	x.write(lines.String())
	x.counts("IS.2002", 1)
	return x
}

// TestAccessible holds each page to axe-core, light and dark, on a desk and on a phone.
func TestAccessible(t *testing.T) {
	x := busy(t)
	b := x.browse()
	for _, width := range []int64{1280, 390} {
		b.do(chromedp.EmulateViewport(width, 900))
		for _, scheme := range []string{"light", "dark"} {
			b.scheme(scheme)
			for _, path := range []string{"/", "/?actor=nobody", "/codes", "/codes/IS.4006", "/codes/APIG.0301", "/codes/IS.0001", "/codes/ModelArts.99999999"} {
				what := fmt.Sprintf("%s, %s, %d pixels", path, scheme, width)
				b.open(path)
				b.until(patience, `document.getElementById('live').textContent === 'Live'`)
				b.accessible(what)
				if wide := ask[int64](b, "document.documentElement.scrollWidth"); wide > width {
					t.Errorf("%s: the page is %d pixels wide", what, wide)
				}
				dark := ask[string](b, "getComputedStyle(document.body).backgroundColor") == "rgb(17, 22, 28)"
				if dark != (scheme == "dark") {
					t.Errorf("%s: dark is %t", what, dark)
				}
			}
		}
	}
}

// TestAccessibleWhenQuietOrDark has nothing to show, and then no log to read.
func TestAccessibleWhenQuietOrDark(t *testing.T) {
	x := start(t)
	x.write("all is well\n")
	b := x.browse()
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		b.open("/")
		b.until(patience, `document.getElementById('headline').textContent.startsWith('Quiet since')`)
		b.accessible("quiet, " + scheme)
	}
	x.must(os.Remove(x.log.Name()))
	x.must(x.log.Close())
	b.until(patience, `document.getElementById('headline').textContent === 'Nothing is known' && document.querySelector('.trouble .missing') !== null`)
	for _, scheme := range []string{"light", "dark"} {
		b.scheme(scheme)
		b.accessible("dark, " + scheme)
	}
}

// TestWithoutJavaScript does what can be done with links and forms alone.
func TestWithoutJavaScript(t *testing.T) {
	x := busy(t)
	b := x.browse()
	b.scripts(false)
	b.open("/")
	if ask[bool](b, `document.documentElement.classList.contains('js')`) {
		t.Fatal("JavaScript is not off")
	}
	if ask[bool](b, `[...document.querySelectorAll('button')].some((e) => e.checkVisibility() && e.type !== 'submit')`) {
		t.Error("there are buttons that do nothing")
	}
	if !ask[bool](b, shown("IS.4006")+" && "+shown("APIG.0301")) {
		t.Fatal("there are no rows")
	}
	b.do(chromedp.SetValue(chromedp.ID("f-actor"), "account owner"), chromedp.Click(chromedp.CSS("#filter button")))
	b.until(patience, `location.search.includes('actor=account+owner') && `+shown("IS.4006")+" && !("+shown("APIG.0301")+")")
	b.do(chromedp.Click(chromedp.ID("clear")))
	b.until(patience, shown("APIG.0301"))
	b.do(chromedp.Click(chromedp.CSS(`thead a[href*="sort=code"]`)))
	b.until(patience, `document.querySelector('tr.row')?.dataset.code === 'APIG.0301'`)
	b.do(chromedp.Click(chromedp.CSS(`tr[data-code="IS.4006"] a.code`)))
	b.until(patience, `location.pathname === '/codes/IS.4006'`)
	if text := ask[string](b, `document.getElementById('ticket-text').value`); !strings.Contains(text, "- `frozen-11`") {
		t.Errorf("the ticket is %q", text)
	}
	b.do(chromedp.Click(chromedp.CSS(`a[href$="/ticket"]`)))
	b.until(patience, `location.pathname === '/codes/IS.4006/ticket' && document.body.innerText.startsWith('# IS.4006')`)
	b.open("/codes")
	b.do(chromedp.SendKeys(chromedp.ID("f-q"), "arrears"), chromedp.Click(chromedp.CSS("#filter button")))
	b.until(patience, shown("IS.4006")+" && !("+shown("IS.0001")+")")
}
