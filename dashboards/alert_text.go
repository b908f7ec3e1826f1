package dashboards

import (
	"fmt"
	"strings"

	"errcode_exporter/catalog"
)

// codeDescription has the message and the solution of the very code that rang, picked by its label.
func (s Site) codeDescription(b batch, category catalog.Category) string {
	order := category.Action
	switch b.ring {
	case ringShare:
		return fmt.Sprintf(`{{ $value | humanizePercentage }} of the errors counted in %s are %s: %s
What to do (%s): %s The dashboard names the codes.%s`, where, b.category, b.headline, b.actor, literal(order), s.requestIDs(false))
	case ringOften:
		return `{{ printf "%.2f" $value }} a second: ` + byCode(b, order) + s.requestIDs(true)
	case ringAgain:
		return `In {{ $value }} of the last twelve times five minutes: ` + byCode(b, order) + s.requestIDs(true)
	default:
		return byCode(b, order) + s.requestIDs(true)
	}
}

// byCode has a branch for each code, and one for series that have lost their code label.
func byCode(b batch, order string) string {
	var t strings.Builder
	branch := func(action, message, solution string) {
		fmt.Fprintf(&t, "{{ %s -}}\n%s\nWhat to do (%s): %s\n{{- ", action, literal(message), b.actor, literal(solution))
	}
	keyword := "if"
	for _, e := range b.entries {
		branch(fmt.Sprintf("%s eq $labels.code %q", keyword, e.code.Name), flat(e.message), flat(e.solution))
		keyword = "else if"
	}
	branch("else", sentence(b.headline)+".", order)
	return strings.ReplaceAll(t.String(), "{{- {{ ", "{{- ") + "end }}"
}

// requestIDs says where the request IDs are that a ticket needs. They are not labels, so the alert itself cannot hold them.
func (s Site) requestIDs(byCode bool) string {
	page := "/"
	if byCode {
		page = "/codes/{{ $labels.code }}"
	}
	return "\nRequest IDs: " + s.ExporterURL + page + ", the exemplars in the dashboard, or errcode_exporter scan --events LOG"
}

// flat puts paragraphs into one line.
func flat(text string) string { return strings.Join(strings.Fields(text), " ") }

func sentence(words string) string { return strings.ToUpper(words[:1]) + words[1:] }
