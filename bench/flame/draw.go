package main

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"html"
	"maps"
	"slices"
	"strings"
)

const (
	width     = 1000.0
	rowHeight = 17
	top       = 30
	letter    = 6.2 // width of one on average
	narrowest = 0.8 // frames below are left out
)

// The picture is readable on white and on black: frames have their own colours.
const style = `<style>
text { font: 11px ui-monospace, monospace; fill: #1f2328 }
.title { font: 600 13px system-ui, sans-serif; fill: #24292f }
@media (prefers-color-scheme: dark) { .title { fill: #e6edf3 } }
</style>
`

// draw makes the picture: callers below, what they call above, as wide as the time it took.
func draw(root *frame, title string) string {
	var body strings.Builder
	depth := 0
	var place func(f *frame, x float64, level int)
	place = func(f *frame, x float64, level int) {
		depth = max(depth, level)
		for _, c := range slices.SortedFunc(maps.Values(f.calls), func(a, b *frame) int { return cmp.Or(-cmp.Compare(a.time, b.time), cmp.Compare(a.name, b.name)) }) {
			w := c.time.Seconds() / root.time.Seconds() * width
			if w >= narrowest {
				box(&body, c, x, w, level, c.time.Seconds()/root.time.Seconds())
				place(c, x, level+1)
			}
			x += w
		}
	}
	place(root, 0, 0)
	height := top + depth*rowHeight + 4
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %d\" role=\"img\">\n<title>%s</title>\n%s<text class=\"title\" x=\"4\" y=\"18\">%s</text>\n"+
		"<g transform=\"translate(0 %d)\">\n%s</g>\n</svg>\n", width, height, html.EscapeString(title), style, html.EscapeString(title), top, body.String())
}

// box draws a function. The outermost stands at the top, so that the picture hangs like icicles and needs no height beforehand.
func box(b *strings.Builder, f *frame, x, w float64, level int, part float64) {
	y := level * rowHeight
	fmt.Fprintf(b, "<g><title>%s, %.1f %%</title><rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"1\" fill=\"%s\"/>", html.EscapeString(f.name), 100*part, x, y, w-0.4, rowHeight-1, colour(f.name))
	if letters := int((w - 6) / letter); letters >= 3 {
		fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%d\">%s</text>", x+3, y+12, html.EscapeString(short(f.name, letters)))
	}
	b.WriteString("</g>\n")
}

// colour is blue for our own functions, green for the Go runtime, orange for the libraries.
func colour(name string) string {
	hash := fnv.New32a()
	hash.Write([]byte(name))
	hue := 30
	switch {
	case strings.HasPrefix(name, "errcode_exporter/"):
		hue = 205
	case strings.HasPrefix(name, "runtime.") || strings.HasPrefix(name, "internal/runtime"):
		hue = 130
	}
	return fmt.Sprintf("hsl(%d 70%% %d%%)", hue+int(hash.Sum32()%20), 68+int(hash.Sum32()>>8%12))
}

// short leaves out the path of the package, and what has no room.
func short(name string, letters int) string {
	if i := strings.LastIndexByte(name, '/'); i >= 0 {
		name = name[i+1:]
	}
	if len(name) > letters {
		return name[:letters-1] + "…"
	}
	return name
}
