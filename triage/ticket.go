package triage

import (
	"fmt"
	"strings"
	"time"
)

// ticketExcerpts is how many lines of the log a ticket has.
const ticketExcerpts = 5

// ticketOf writes what support wants to know about a code, as Markdown.
func ticketOf(p *codePage, now time.Time, details bool) string {
	var t strings.Builder
	fmt.Fprintf(&t, "# %s: %s\n\n", p.Code, strings.Join(p.Message, " "))
	line := func(what, format string, args ...any) {
		fmt.Fprintf(&t, "- %s: %s\n", what, fmt.Sprintf(format, args...))
	}
	line("Service", "%s (Huawei Cloud)%s", p.Service, status(p.Status))
	line("First seen", "%s", clock(p.Row.FirstSeen))
	line("Last seen", "%s", clock(p.Row.LastSeen))
	line("Events", "%d, of these %d in the hour before %s", p.Row.Total, p.Row.LastHour, clock(now))
	line("Counted since", "%s", clock(p.Since))
	if p.Retryable {
		line("A retry", "can help")
	} else {
		line("A retry", "does not help")
	}
	t.WriteString("\n## Where\n\n| source | events | last hour | first seen | last seen |\n| --- | --- | --- | --- | --- |\n")
	for i, s := range p.Row.Sources {
		if i == maxRequestIDs {
			fmt.Fprintf(&t, "| and %d more | | | | |\n", len(p.Row.Sources)-i)
			break
		}
		fmt.Fprintf(&t, "| %s | %d | %d | %s | %s |\n", cellText(s.Source), s.Total, s.LastHour, clock(s.FirstSeen), clock(s.LastSeen))
	}
	t.WriteString("\n## Request IDs\n\n")
	t.WriteString(identified(p, details))
	t.WriteString("\n## Lines of the log\n\n")
	t.WriteString(quoted(p, details))
	t.WriteString("\n## What the documentation says\n\n")
	for _, paragraph := range p.Solution {
		fmt.Fprintf(&t, "> %s\n", paragraph)
	}
	return t.String()
}

func status(code int) string {
	if code == 0 {
		return ""
	}
	return fmt.Sprintf(", HTTP status %d", code)
}

func identified(p *codePage, details bool) string {
	switch {
	case !details:
		return "Not shown here. " + howToSeeDetails + "\n"
	case len(p.RequestIDs) == 0:
		return "None is in the log.\n"
	}
	var t strings.Builder
	for _, id := range p.RequestIDs {
		fmt.Fprintf(&t, "- `%s`\n", id)
	}
	return t.String()
}

func quoted(p *codePage, details bool) string {
	if !details {
		return "Not shown here either.\n"
	}
	var lines strings.Builder
	n := 0
	for _, e := range p.Events {
		if e.Excerpt != "" && n < ticketExcerpts {
			n++
			fmt.Fprintf(&lines, "%s %s: %s\n", clock(e.Time), e.Source, e.Excerpt)
		}
	}
	if n == 0 {
		return "None was kept.\n"
	}
	// Secrets are masked in them; a fence that is longer than any in the lines keeps them together.
	fence := "```"
	for strings.Contains(lines.String(), fence) {
		fence += "`"
	}
	return "Secrets are masked.\n\n" + fence + "text\n" + lines.String() + fence + "\n"
}

// cellText keeps a text in its cell of a table.
func cellText(text string) string {
	return strings.NewReplacer("|", `\|`, "\n", " ").Replace(text)
}
