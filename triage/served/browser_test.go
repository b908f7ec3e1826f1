package served

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// tab is a tab of a real browser. Whatever the browser complains about, such as a script that the policy forbids, fails the test.
type tab struct {
	*testing.T
	context.Context
	url        string
	mu         sync.Mutex
	complaints []string
}

// browse opens a browser of its own for the pages of an exporter.
func (x *exporter) browse() *tab {
	x.Helper()
	path := os.Getenv("CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil && path == "" {
			path = found
		}
	}
	if path == "" {
		x.Fatal("there is no chromium: run make install-test-deps, which installs it, or set CHROMIUM")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(x.TempDir()), chromedp.WindowSize(1280, 900),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	x.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator, chromedp.WithErrorf(x.Logf))
	x.Cleanup(cancel)
	b := &tab{T: x.T, Context: ctx, url: x.url}
	// The context of the first step is the browser's: it must not end before the test does.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		x.Fatal(err)
	}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		x.Fatal(err)
	}
	x.Cleanup(func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		for _, c := range b.complaints {
			x.Errorf("the browser complains: %s", c)
		}
	})
	return b
}

// hear notes what the browser complains about.
func (b *tab) hear(ev any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch ev := ev.(type) {
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, fmt.Sprintf("%+v", ev.ExceptionDetails))
	case *log.EventEntryAdded:
		if ev.Entry.Level == "error" || ev.Entry.Level == "warning" {
			b.complaints = append(b.complaints, ev.Entry.Text+" "+ev.Entry.URL)
		}
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		b.Fatal(err)
	}
}

// open goes to a page.
func (b *tab) open(path string) {
	b.Helper()
	b.do(chromedp.Navigate(b.url + path))
}

// ask evaluates an expression.
func ask[T any](b *tab, expression string, options ...chromedp.EvaluateOption) T {
	b.Helper()
	ctx, cancel := context.WithTimeout(b.Context, patience)
	defer cancel()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, options...))
	if err != nil {
		b.Fatalf("%s: %v", expression, err)
	}
	return value
}

// until waits until an expression is true, for so long at most.
func (b *tab) until(within time.Duration, expression string) {
	b.Helper()
	for deadline := time.Now().Add(within); !ask[bool](b, expression); time.Sleep(pollEvery) {
		if time.Now().After(deadline) {
			b.Fatalf("after %v it is still not true: %s\n%s", within, expression, ask[string](b, "document.body.innerText"))
		}
	}
}

// scheme makes the browser ask for light or dark pages.
func (b *tab) scheme(name string) {
	b.Helper()
	_, err := chromedp.Call(b.Context, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}, {Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	if err != nil {
		b.Fatal(err)
	}
}

// scripts switches JavaScript on or off for the pages that are opened from now on.
func (b *tab) scripts(on bool) {
	b.Helper()
	_, err := chromedp.Call(b.Context, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: !on})
	if err != nil {
		b.Fatal(err)
	}
}

// mayCopy lets pages write to the clipboard, and this test read it.
func (b *tab) mayCopy() {
	b.Helper()
	for _, name := range []string{"clipboard-read", "clipboard-write"} {
		_, err := chromedp.CallBrowser(b.Context, browser.SetPermission, browser.SetPermissionParams{
			Permission: &browser.PermissionDescriptor{Name: name}, Setting: browser.PermissionSettingGranted, Origin: b.url,
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// clipboard is what is on it.
func (b *tab) clipboard() string {
	b.Helper()
	return ask[string](b, "navigator.clipboard.readText()", chromedp.EvalAwaitPromise)
}

// axe is the accessibility checker.
var axe = sync.OnceValues(func() (string, error) {
	text, err := os.ReadFile("node_modules/axe-core/axe.min.js")
	if err != nil {
		return "", fmt.Errorf("%w: run make install-test-deps, which installs it", err)
	}
	return string(text), nil
})

// violation is something that axe-core does not like.
type violation struct {
	ID    string `json:"id"`
	Help  string `json:"help"`
	Nodes []struct {
		HTML    string `json:"html"`
		Summary string `json:"failureSummary"`
	} `json:"nodes"`
}

// accessible checks the page with every rule that axe-core has but the experimental ones.
func (b *tab) accessible(what string) {
	b.Helper()
	script, err := axe()
	if err != nil {
		b.Fatal(err)
	}
	ask[bool](b, script+"; true")
	found := ask[string](b, "axe.run(document).then((r) => JSON.stringify({passes: r.passes.length, violations: r.violations}))", chromedp.EvalAwaitPromise)
	var result struct {
		Passes     int         `json:"passes"`
		Violations []violation `json:"violations"`
	}
	if err := json.Unmarshal([]byte(found), &result); err != nil {
		b.Fatal(err)
	}
	if result.Passes < 15 {
		b.Errorf("%s: only %d rules were looked at", what, result.Passes)
	}
	for _, v := range result.Violations {
		for _, n := range v.Nodes {
			b.Errorf("%s: %s: %s\n%.300s\n%s", what, v.ID, v.Help, n.HTML, strings.TrimSpace(n.Summary))
		}
	}
}
