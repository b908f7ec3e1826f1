package main

import (
	"fmt"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/version"
)

func addVersion(app *kingpin.Application) (*kingpin.CmdClause, action) {
	return app.Command("version", "Say which version this is."), func(p *program) (int, error) {
		fmt.Fprintln(p.stdout, version.Print(name))
		return exitFine, nil
	}
}
