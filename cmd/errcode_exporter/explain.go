package main

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/catalog"
)

func addExplain(app *kingpin.Application) (*kingpin.CmdClause, action) {
	c := app.Command("explain", "Say what codes mean, who must act, and what exactly to do.")
	names := c.Arg("code", "Codes, such as IS.4006.").Required().Strings()
	format := addChoice(c, "format", "How to print it: text or json.", "text", "json")
	return c, func(p *program) (int, error) {
		cat, err := catalog.Load()
		if err != nil {
			return exitUsage, err
		}
		var codes []*catalog.Code
		for _, name := range *names {
			code, err := find(cat, name)
			if err != nil {
				return exitUsage, err
			}
			codes = append(codes, code)
		}
		if *format == "json" {
			return exitFine, writeJSON(p.stdout, codes)
		}
		for i, code := range codes {
			if i > 0 {
				fmt.Fprintln(p.stdout)
			}
			explain(p.stdout, cat, code)
		}
		return exitFine, nil
	}
}

// find looks a code up. One that is spelled like a code but not listed gets what applies to all of those.
func find(cat *catalog.Catalog, name string) (*catalog.Code, error) {
	if code, ok := cat.Lookup(name); ok {
		return code, nil
	}
	prefix, digits, _ := strings.Cut(name, ".")
	for _, f := range cat.Families() {
		for _, s := range f.Spellings {
			if s.Prefix == prefix && len(digits) >= s.MinDigits && len(digits) <= s.MaxDigits && strings.Trim(digits, "0123456789") == "" {
				return unlisted(cat, name, f), nil
			}
		}
	}
	if near := nearest(cat, name); len(near) > 0 {
		return nil, fmt.Errorf("%q is not an error code; did you mean %s?", name, strings.Join(near, " or "))
	}
	return nil, fmt.Errorf("%q is not an error code; %s codes lists them", name, "errcode_exporter")
}

func unlisted(cat *catalog.Catalog, name string, f catalog.Family) *catalog.Code {
	o := cat.Others()
	return &catalog.Code{
		Name: name, Family: f.Name, Message: "Not in the published table.",
		Description: fmt.Sprintf("%s is spelled like a code of %s, but the published table does not list it.", name, f.Title),
		Solution:    o.Solution, Category: o.Category, Actor: o.Actor, Retryable: o.Retryable, Severity: o.Severity, Reason: o.Reason,
	}
}

// maxNear is the number of single-character edits up to which a code is taken for what was meant.
const maxNear = 2

// nearest returns up to three codes that differ least from what was typed, case aside.
func nearest(cat *catalog.Catalog, typed string) []string {
	best := maxNear + 1
	var near []string
	for _, code := range cat.Codes() {
		switch d := edits(strings.ToLower(typed), strings.ToLower(code.Name)); {
		case d < best:
			best, near = d, []string{code.Name}
		case d == best && d <= maxNear:
			near = append(near, code.Name)
		}
	}
	return near[:min(len(near), 3)]
}

// edits is the Levenshtein distance of two short ASCII strings.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			substitute := diagonal
			if a[i] != b[j] {
				substitute++
			}
			diagonal = row[j+1]
			row[j+1] = min(substitute, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

func explain(w io.Writer, cat *catalog.Catalog, code *catalog.Code) {
	category, _ := cat.Category(code.Category)
	title := code.Name + "  " + string(code.Severity)
	if wantsColour(w) {
		title = "\x1b[1m" + code.Name + "\x1b[0m  " + colour(string(code.Severity))
	}
	fmt.Fprintln(w, title)
	line := func(label, text string) {
		for i, l := range strings.Split(text, "\n") {
			if i > 0 {
				label = ""
			}
			fmt.Fprintln(w, strings.TrimRight(fmt.Sprintf("  %-12s %s", label, l), " "))
		}
	}
	line("message", code.Message)
	if code.Description != code.Message {
		line("description", code.Description)
	}
	line("solution", code.Solution)
	for _, cause := range code.Causes {
		text := fmt.Sprintf("%q: %s", cause.Words, cause.Solution)
		if cause.Category != code.Category {
			text += fmt.Sprintf(" (%s: %s)", cause.Category, cause.Actor)
		}
		line("if it says", text)
	}
	line("category", code.Category+": "+category.Action)
	line("who acts", code.Actor)
	line("send again", sendAgain(code.Retryable))
	line("why", code.Reason)
	if i := slices.IndexFunc(cat.Families(), func(f catalog.Family) bool { return f.Name == code.Family }); i >= 0 {
		line("service", cat.Families()[i].Title)
	}
}

func sendAgain(retryable bool) string {
	if retryable {
		return "yes, later: the same request can succeed"
	}
	return "no: the same request fails again until somebody acts"
}
