package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/alecthomas/kingpin/v2"

	"errcode_exporter/dashboards"
)

func addGenerate(app *kingpin.Application) (*kingpin.CmdClause, action) {
	c := app.Command("generate", "Write alert rules, dashboards, runbooks or the reference of codes, all made from the catalog.")
	what := c.Arg("what", "What to write: rules, dashboards, runbooks or docs.").Required().String()
	output := c.Flag("output", "The folder to write into; files that are there are replaced.").Default(".").String()
	in := addMeanings(c)
	site := dashboards.Site{}
	c.Flag("exporter.url", "Where people reach the exporter's pages, for links.").Default(dashboards.DefaultExporterURL).StringVar(&site.ExporterURL)
	c.Flag("grafana.url", "Where people reach Grafana, for links.").Default(dashboards.DefaultGrafanaURL).StringVar(&site.GrafanaURL)
	c.Flag("docs.url", "The folder that holds runbooks/ and codes/, for links.").Default(dashboards.DefaultDocsURL).StringVar(&site.DocsURL)
	c.Flag("selector", `Label matchers to put into every selector, such as cluster="eu".`).StringVar(&site.Selector)
	return c, func(p *program) (int, error) {
		cat, err := in.load()
		if err != nil {
			return exitUsage, err
		}
		site.Catalog = cat
		var files []dashboards.File
		switch *what {
		case "rules":
			files, err = site.Rules()
		case "dashboards":
			files, err = site.Dashboards()
		case "runbooks":
			files, err = site.Runbooks()
		case "docs":
			files, err = site.Reference()
		default:
			err = fmt.Errorf("generate %s: rules, dashboards, runbooks or docs is wanted", *what)
		}
		if err != nil {
			return exitUsage, err
		}
		return exitFine, writeFiles(p, *output, files)
	}
}

// writeFiles writes what was generated and says so, file by file.
func writeFiles(p *program, folder string, files []dashboards.File) error {
	for _, f := range files {
		path := filepath.Join(folder, filepath.FromSlash(f.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, f.Data, 0o644); err != nil {
			return err
		}
		fmt.Fprintln(p.stdout, path)
	}
	return nil
}
