// oracle reads what is left on disk after a chaos test, and prints as JSON what a reader must have counted. It shares no code
// with the exporter: lines are told by their checksums, events by the numbers that the writer gave its records, codes by
// an expression.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
)

func main() {
	cri := flag.Bool("cri", false, "lines are those of a container runtime")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: oracle [-cri] FOLDER...")
		flag.PrintDefaults()
	}
	flag.Parse()
	t := newTruth()
	for _, folder := range flag.Args() {
		if err := t.readFolder(folder, *cri); err != nil {
			fmt.Fprintln(os.Stderr, "oracle:", err)
			os.Exit(1)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(t); err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}
