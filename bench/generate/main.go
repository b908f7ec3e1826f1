// Command generate writes a log for benchmarks, and beside it, with the ending .truth.json, what is in it.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"

	"errcode_exporter/bench/logs"
)

func main() {
	shape := flag.String("shape", string(logs.Mixed), "json, text, cri or mixed")
	percent := flag.Float64("percent", 1, "percent of lines that name a code; 100 is the storm")
	mb := flag.Float64("mb", 500, "size in megabytes (millions of bytes)")
	seed := flag.Uint64("seed", 1, "the same seed makes the same bytes")
	out := flag.String("out", "", "file to write (needed)")
	flag.Parse()
	if err := run(*out, logs.Options{Shape: logs.Shape(*shape), Percent: *percent, Bytes: int64(*mb * 1e6), Seed: *seed}); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(path string, o logs.Options) error {
	if path == "" {
		return fmt.Errorf("-out is missing: name the file to write")
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	truth, err := logs.Write(file, o)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	text, err := json.MarshalIndent(truth, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(strings.TrimSuffix(path, ".log")+".truth.json", append(text, '\n'), 0o644)
}
