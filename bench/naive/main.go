// Command naive counts the codes in files in the way that comes to mind first: a bufio.Scanner and a regular expression. It is what the exporter
// is compared with.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"regexp"

	"errcode_exporter/bench/logs"
)

func main() {
	counts := map[string]int{}
	re := regexp.MustCompile(logs.Pattern)
	for _, path := range os.Args[1:] {
		if err := count(path, re, counts); err != nil {
			fmt.Fprintln(os.Stderr, "naive:", err)
			os.Exit(1)
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(counts); err != nil {
		os.Exit(1)
	}
}

func count(path string, re *regexp.Regexp, counts map[string]int) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	scanner := bufio.NewScanner(file)
	for scanner.Scan() {
		for _, code := range re.FindAllString(scanner.Text(), -1) {
			counts[code]++
		}
	}
	return scanner.Err()
}
