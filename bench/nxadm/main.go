// Command nxadm counts the codes in files with github.com/nxadm/tail and a regular expression, which is how such an exporter is
// usually built. Each file is read to its end.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"

	"github.com/nxadm/tail"

	"errcode_exporter/bench/logs"
)

func main() {
	counts := map[string]int{}
	re := regexp.MustCompile(logs.Pattern)
	for _, path := range os.Args[1:] {
		if err := count(path, re, counts); err != nil {
			fmt.Fprintln(os.Stderr, "nxadm:", err)
			os.Exit(1)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(counts); err != nil {
		os.Exit(1)
	}
}

func count(path string, re *regexp.Regexp, counts map[string]int) error {
	t, err := tail.TailFile(path, tail.Config{MustExist: true, CompleteLines: true, Logger: tail.DiscardingLogger})
	if err != nil {
		return err
	}
	for line := range t.Lines {
		if line.Err != nil {
			return line.Err
		}
		for _, code := range re.FindAllString(line.Text, -1) {
			counts[code]++
		}
	}
	return t.Wait()
}
