// errcode_exporter counts the error codes that Huawei Cloud services print into application logs, for Prometheus.
package main

import (
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/alecthomas/kingpin/v2"
	"github.com/prometheus/common/promslog"
	promslogflag "github.com/prometheus/common/promslog/flag"
	"github.com/prometheus/common/version"

	"errcode_exporter/redact"
)

const name = "errcode_exporter"

// Exit codes. What a shell script branches on.
const (
	exitFine  = 0
	exitFound = 1 // scan: codes at or above the threshold; check: something is wrong
	exitUsage = 2 // usage, configuration, input or output
)

// program is what every subcommand gets.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	log            promslog.Config
	redactor       redact.Redactor // of the log and of error messages
}

// action runs a subcommand and returns its exit code. An error is printed; exitFine then becomes exitUsage.
type action func(p *program) (exit int, err error)

// subcommands are in the order of the help: what one meets first comes first.
var subcommands = []func(app *kingpin.Application) (*kingpin.CmdClause, action){
	addServe,
	addDemo,
	addScan,
	addExplain,
	addCodes,
	addCheck,
	addGenerate,
	addVersion,
}

func main() {
	if version.Version == "" {
		version.Version = "dev" // not built by make
	}
	os.Exit(run(os.Args[1:], &program{stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr}))
}

// run parses the arguments and runs what they ask for. Without any it serves what the configuration file says.
func run(args []string, p *program) int {
	app := kingpin.New(name, "Counts the error codes that Huawei Cloud services print into application logs, for Prometheus.")
	app.HelpFlag.Short('h')
	app.Version(version.Print(name))
	app.UsageWriter(p.stdout)
	app.ErrorWriter(p.stderr)
	p.log.Writer = p.stderr
	promslogflag.AddFlags(app, &p.log)
	actions := map[string]action{}
	for _, add := range subcommands {
		clause, act := add(app)
		actions[clause.FullCommand()] = act
	}
	if len(args) == 0 {
		args = []string{"serve"}
	}
	chosen, err := app.Parse(nameStdin(args))
	if err != nil {
		fmt.Fprintf(p.stderr, "%s: %s; see %s --help\n", name, p.redactor.String(err.Error()), name)
		return exitUsage
	}
	exit, err := actions[chosen](p)
	if err != nil {
		fmt.Fprintf(p.stderr, "%s: %s\n", name, p.redactor.String(err.Error()))
		if exit == exitFine {
			exit = exitUsage
		}
	}
	return exit
}

// stdinName stands for - on its way through the parser, which takes that for a flag without a name.
const stdinName = "\x00stdin"

func nameStdin(args []string) []string {
	named := slices.Clone(args)
	for i, a := range named {
		if a == "-" {
			named[i] = stdinName
		}
	}
	return named
}
