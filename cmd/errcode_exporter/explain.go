package main

import (
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/catalog"
)

func addExplain(app *kingpin.Application) (*kingpin.CmdClause, action) {
	c := app.Command("explain", "Say what codes mean, who must act, and what exactly to do.")
	names := c.Arg("code", "Codes, such as IS.4006.").Required().Strings()
	in := addMeanings(c)
	format := addChoice(c, "format", "How to print it: text or json.", "text", "json")
	return c, func(p *program) (int, error) {
		cat, err := in.load()
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

// codeLike is how codes of any family are spelled.
var codeLike = regexp.MustCompile(`^[A-Za-z]+\.[0-9]{4,12}$`)

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
	var known []string
	for _, code := range cat.Codes() {
		known = append(known, code.Name)
	}
	near := catalog.Near(name, known)
	if codeLike.MatchString(name) && (len(near) == 0 || !strings.EqualFold(near[0], name)) {
		return nil, fmt.Errorf("%q is spelled like an error code, but of no family that is known here: an overlay can add it, see --catalog.file", name)
	}
	if len(near) > 0 {
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

func explain(w io.Writer, cat *catalog.Catalog, code *catalog.Code) {
	category, _ := cat.Category(code.Category)
	title := code.Name + "  " + severityOf(code)
	if wantsColour(w) {
		title = "\x1b[1m" + code.Name + "\x1b[0m  " + colour(severityOf(code))
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
	for _, language := range slices.Sorted(maps.Keys(code.Texts)) {
		t := code.Texts[language]
		line(language, strings.Join(slices.DeleteFunc([]string{t.Message, t.Description, t.Solution}, func(s string) bool { return s == "" }), "\n"))
	}
	if code.Runbook != "" {
		line("runbook", code.Runbook)
	}
	line("category", code.Category+": "+category.Action)
	line("who acts", code.Actor)
	line("send again", sendAgain(code.Retryable))
	line("why", code.Reason)
	if i := slices.IndexFunc(cat.Families(), func(f catalog.Family) bool { return f.Name == code.Family }); i >= 0 {
		line("service", cat.Families()[i].Title)
	}
	if code.Overlay != "" {
		line("overlay", code.Overlay)
	}
}

// severityOf is how urgent a code is; one that is muted is not at all.
func severityOf(code *catalog.Code) string {
	if code.Muted {
		return "muted"
	}
	return string(code.Severity)
}

func sendAgain(retryable bool) string {
	if retryable {
		return "yes, later: the same request can succeed"
	}
	return "no: the same request fails again until somebody acts"
}
