package main

import (
	"fmt"
	"html"
	"strings"
)

// pictured are the cases that the picture shows.
var pictured = [...]string{"mixed-1", "cri-1", "mixed-20", "storm"}

// style is readable on white and on black.
const style = `<style>
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.other { fill: #8c959f }
.ours { fill: #0969da }
.limit { fill: #57606a }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 }
  .other { fill: #6e7681 }
  .ours { fill: #4493f8 }
  .limit { fill: #9198a1 }
}
</style>
`

// picture draws the speeds as bars, each case on a scale of its own.
func (r *Results) picture() string {
	const width, label, bar, step = 760, 190, 440, 20
	var b strings.Builder
	y := 24
	for _, name := range pictured {
		c := r.find(name)
		if c == nil {
			continue
		}
		fmt.Fprintf(&b, "<text class=\"title\" x=\"8\" y=\"%d\">%s</text>\n", y, html.EscapeString(upper(c.Title)))
		fastest := 0.0
		for i := range c.Rows {
			fastest = max(fastest, c.Rows[i].speed())
		}
		for i := range c.Rows {
			row := &c.Rows[i]
			y += step
			class := "other"
			switch row.Name {
			case scanName, serveName:
				class = "ours"
			case wcName:
				class = "limit"
			}
			length := max(1, row.speed()/fastest*bar)
			fmt.Fprintf(&b, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", label-8, y, html.EscapeString(row.Name))
			fmt.Fprintf(&b, "<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\" rx=\"2\"/>", class, label, y-11, length)
			fmt.Fprintf(&b, "<text x=\"%.1f\" y=\"%d\">%.0f MB/s</text>\n", label+length+6, y, row.speed()/1e6)
		}
		y += 2 * step
	}
	fmt.Fprintf(&b, "<text x=\"8\" y=\"%d\">longer is faster; %s</text>\n", y, html.EscapeString(fmt.Sprintf("logs of %d MB, %s, %d cores, %s", r.MB, r.Machine.Processor, r.Machine.Cores, r.Date)))
	y += step / 2
	return fmt.Sprintf("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n<title>How fast logs are read</title>\n%s%s</svg>\n", width, y, style, b.String())
}

// upper makes the first letter a capital.
func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
