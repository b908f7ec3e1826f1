package triage

import "strings"

// block is a heading, a list or a paragraph of a runbook.
type block struct {
	Heading string
	Items   [][]span
	Text    []span
}

// span is a piece of a text.
type span struct {
	Text string
	Code bool
}

// markdown reads the part of Markdown that runbooks are written in: headings, paragraphs, lists with dashes, and code between
// backticks. What it does not know stays as it is written.
func markdown(text string) []block {
	var blocks []block
	var lines []string // of the paragraph or item that is open
	inList := false
	flush := func() {
		if len(lines) == 0 {
			return
		}
		spans := inline(strings.Join(lines, " "))
		lines = nil
		switch {
		case !inList:
			blocks = append(blocks, block{Text: spans})
		case len(blocks) > 0 && blocks[len(blocks)-1].Items != nil:
			last := &blocks[len(blocks)-1]
			last.Items = append(last.Items, spans)
		default:
			blocks = append(blocks, block{Items: [][]span{spans}})
		}
	}
	for line := range strings.SplitSeq(text, "\n") {
		switch trimmed := strings.TrimSpace(line); {
		case trimmed == "":
			flush()
			inList = false
		case strings.HasPrefix(trimmed, "#"):
			flush()
			inList = false
			blocks = append(blocks, block{Heading: strings.TrimLeft(trimmed, "# ")})
		case strings.HasPrefix(trimmed, "- "):
			flush()
			inList = true
			lines = []string{trimmed[2:]}
		default:
			lines = append(lines, trimmed)
		}
	}
	flush()
	return blocks
}

// inline splits a text at its backticks. One that is never closed is a character like any other.
func inline(text string) []span {
	parts := strings.Split(text, "`")
	if len(parts)%2 == 0 {
		last := len(parts) - 1
		parts[last-1] += "`" + parts[last]
		parts = parts[:last]
	}
	var spans []span
	for i, p := range parts {
		if p != "" {
			spans = append(spans, span{p, i%2 == 1})
		}
	}
	return spans
}
