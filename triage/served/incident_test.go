package served

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// shown says whether a code has a row.
func shown(code string) string {
	return fmt.Sprintf("document.querySelector('tr[data-code=%q]') !== null", code)
}

// TestIncident walks the way of whoever is on call: from a quiet page to the ticket.
func TestIncident(t *testing.T) {
	x := start(t)
	x.write("2026-03-05 12:00:00 INFO all is well\n")
	b := x.browse()
	b.mayCopy()
	b.open("/")
	b.until(patience, `document.getElementById('headline').textContent.startsWith('Quiet since')`)
	b.until(patience, `document.getElementById('live').textContent === 'Live'`)
	ask[bool](b, "window.notReloaded = true")

	// A burst is written. The rows appear, without a reload.
	var burst strings.Builder
	for i := range 20 {
		burst.WriteString(event("IS.4006", fmt.Sprintf("frozen-%02d", i)))
		burst.WriteString(event("IS.0021", fmt.Sprintf("expired-%02d", i)))
	}
	written := time.Now()
	x.write(burst.String())
	b.until(patience, shown("IS.4006"))
	t.Logf("the row appeared %v after the burst was written", time.Since(written).Round(time.Millisecond))
	b.until(patience, shown("IS.0021"))
	b.until(patience, `document.getElementById('headline').textContent === '2 codes are failing'`)
	if first := ask[string](b, `document.querySelector('tr.row').dataset.code`); first != "IS.4006" {
		t.Errorf("%s is first, want the critical one", first)
	}
	b.until(patience, `document.getElementById('news').textContent.includes('IS.4006')`)

	// What comes later is counted in the row that is there, and the focus stays where it is.
	b.do(chromedp.Focus(chromedp.CSS(`tr[data-code="IS.4006"] a.code`)))
	x.write(event("IS.4006", "frozen-20"))
	b.until(patience, `document.querySelector('tr[data-code="IS.4006"] td[data-label="Last hour"] .figure').textContent === '21'`)
	if focused := ask[string](b, `document.activeElement.textContent`); focused != "IS.4006" {
		t.Errorf("the focus went to %q", focused)
	}

	// Only what the application owner must act on.
	b.do(chromedp.SetValue(chromedp.ID("f-actor"), "application owner"))
	ask[bool](b, `document.getElementById('f-actor').dispatchEvent(new Event('change', {bubbles: true}))`)
	b.until(patience, shown("IS.0021")+" && !("+shown("IS.4006")+")")
	if !ask[bool](b, `location.search === '?actor=application+owner' && window.notReloaded === true`) {
		t.Errorf("the address is %s, and the page may have been loaded again", ask[string](b, "location.href"))
	}
	b.do(chromedp.Click(chromedp.ID("clear")))
	b.until(patience, shown("IS.4006"))
	// The order, by a click on the head of the column.
	b.do(chromedp.Click(chromedp.CSS(`thead a[href*="sort=count"]`)))
	b.until(patience, `document.querySelector('th[aria-sort="descending"]')?.textContent === 'Last hour'`)
	// The text, as it is typed.
	b.do(chromedp.SendKeys(chromedp.ID("f-q"), "frozen"))
	b.until(patience, shown("IS.4006")+" && !("+shown("IS.0021")+")")
	if !ask[bool](b, `window.notReloaded === true && document.activeElement.id === 'f-q'`) {
		t.Error("filtering loads the page again, or takes the focus away")
	}

	// Its request IDs, from the list.
	b.do(chromedp.Click(chromedp.CSS(`tr[data-code="IS.4006"] button.copy`)))
	b.until(patience, `document.querySelector('tr[data-code="IS.4006"] button.copy').textContent === 'Copied'`)
	if got := b.clipboard(); !strings.HasPrefix(got, "frozen-20\nfrozen-19\n") || strings.Count(got, "\n") != 9 {
		t.Errorf("on the clipboard is %q", got)
	}

	// The code.
	b.do(chromedp.Click(chromedp.CSS(`tr[data-code="IS.4006"] a.code`)))
	b.until(patience, `location.pathname === '/codes/IS.4006' && document.getElementById('copy-ids') !== null && !document.getElementById('copy-ids').hidden`)
	b.do(chromedp.Click(chromedp.ID("copy-ids")))
	b.until(patience, `document.getElementById('copy-ids').textContent === 'Copied'`)
	if ids := strings.Split(b.clipboard(), "\n"); len(ids) != 21 || ids[0] != "frozen-20" || ids[20] != "frozen-00" {
		t.Errorf("on the clipboard is %q", ids)
	}
	for _, want := range []string{"The account is frozen.", "Account owner: Pay arrears", "password=[masked password]", "HuaweiCloudAccountRestricted", "Have the account owner pay or appeal"} {
		if !strings.Contains(ask[string](b, "document.body.innerText"), want) {
			t.Errorf("the page does not say %q", want)
		}
	}

	// The ticket.
	b.do(chromedp.Click(chromedp.ID("copy-ticket")))
	b.until(patience, `document.getElementById('copy-ticket').textContent === 'Copied'`)
	ticket := b.clipboard()
	for _, want := range []string{"# IS.4006: The account is frozen.", "- Events: 21, of these 21 in the hour before", "- `frozen-20`\n- `frozen-19`\n", "| search | 21 |", "password=[masked password]"} {
		if !strings.Contains(ticket, want) {
			t.Errorf("the ticket lacks %q: %s", want, ticket)
		}
	}
	if strings.Contains(ticket, "hunter2") {
		t.Error("a secret is in the ticket")
	}
	// It is live too.
	x.write(event("IS.4006", "frozen-21"))
	b.until(patience, `document.querySelector('.events li').textContent.includes('frozen-21')`)
}

// TestKeyboard does without a mouse.
func TestKeyboard(t *testing.T) {
	x := start(t)
	x.write(event("IS.4006", "a-1") + event("IS.0021", "b-1"))
	x.counts("IS.0021", 1)
	b := x.browse()
	b.mayCopy()
	b.open("/")
	b.until(patience, `document.getElementById('live').textContent === 'Live'`)
	press := func(key, then string) {
		t.Helper()
		b.do(chromedp.KeyEvent(key))
		b.until(patience, then)
	}
	press("j", `document.activeElement.textContent === 'IS.4006'`)
	press("j", `document.activeElement.textContent === 'IS.0021'`)
	press("j", `document.activeElement.textContent === 'IS.0021'`)
	press("k", `document.activeElement.textContent === 'IS.4006'`)
	press("c", `document.activeElement.textContent === 'Copied'`)
	if got := b.clipboard(); got != "a-1" {
		t.Errorf("on the clipboard is %q", got)
	}
	press("?", `document.getElementById('help').open`)
	b.accessible("the help")
	press(kb.Escape, `!document.getElementById('help').open`)
	press("/", `document.activeElement.id === 'f-q'`)
	press("j", `document.getElementById('f-q').value.endsWith('j')`)
	b.until(patience, `document.querySelector('.empty') !== null`)
	// Who needs the letters for something else switches them off.
	b.open("/")
	b.until(patience, `document.getElementById('live').textContent === 'Live'`)
	press("?", `document.getElementById('help').open`)
	b.do(chromedp.Click(chromedp.ID("keys-on")))
	press(kb.Escape, `!document.getElementById('help').open`)
	b.open("/")
	b.until(patience, `document.getElementById('live').textContent === 'Live' && !document.getElementById('keys-on').checked`)
	b.do(chromedp.KeyEvent("/"))
	if id := ask[string](b, `document.activeElement.id`); id == "f-q" {
		t.Error("the letters are shortcuts still")
	}
}

// TestWithoutAnAnswer ends the exporter while a page is open: the page says so rather than looking alive.
func TestWithoutAnAnswer(t *testing.T) {
	x := start(t)
	b := x.browse()
	b.open("/")
	b.until(patience, `document.getElementById('live').textContent === 'Live'`)
	x.must(x.cmd.Process.Kill())
	<-x.ended
	b.until(patience, `document.getElementById('live').textContent.startsWith('No answer')`)
	b.mu.Lock()
	b.complaints = nil // that nobody answers is what this is about
	b.mu.Unlock()
}
