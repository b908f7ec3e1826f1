package main

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/catalog"
)

func addCodes(app *kingpin.Application) (*kingpin.CmdClause, action) {
	c := app.Command("codes", "List every code of the catalog, with what it means and who must do what.")
	in := addMeanings(c)
	format := addChoice(c, "format", "How to print the list: table, json or csv.", "table", "json", "csv")
	return c, func(p *program) (int, error) {
		cat, err := in.load()
		if err != nil {
			return exitUsage, err
		}
		all := slices.Concat(cat.Codes(), cat.Muted())
		switch *format {
		case "json":
			return exitFine, writeJSON(p.stdout, all)
		case "csv":
			return exitFine, codesCSV(p.stdout, all)
		default:
			t := newTable(p.stdout, "CODE", "SEVERITY", "CATEGORY", "ACTOR", "RETRY", "MESSAGE")
			for _, code := range all {
				t.row(code.Name, severityOf(code), code.Category, code.Actor, yesNo(code.Retryable), firstLine(code.Message))
			}
			return exitFine, t.flush()
		}
	}
}

func codesCSV(w io.Writer, codes []*catalog.Code) error {
	out := csv.NewWriter(w)
	rows := [][]string{{
		"code", "family", "status", "message", "description", "solution", "category", "actor", "retryable", "severity", "reason", "inferred_from", "muted", "runbook", "overlay",
	}}
	for _, c := range codes {
		rows = append(rows, []string{
			c.Name, c.Family, strconv.Itoa(c.Status), c.Message, c.Description, c.Solution,
			c.Category, c.Actor, yesNo(c.Retryable), string(c.Severity), c.Reason, c.InferredFrom, yesNo(c.Muted), c.Runbook, c.Overlay,
		})
	}
	return out.WriteAll(rows)
}

// writeJSON prints for people and programs alike: indented, and < > & as they are.
func writeJSON(w io.Writer, v any) error {
	enc := json.NewEncoder(w)
	enc.SetIndent("", "  ")
	enc.SetEscapeHTML(false)
	return enc.Encode(v)
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
