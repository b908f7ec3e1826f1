package main

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"
)

// scrapeBenchmark is a line of what go test -bench prints: a scrape of so many sources with a checkpoint before it.
var scrapeBenchmark = regexp.MustCompile(`^BenchmarkDurableScrape/sources=(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`)

// readScrapes takes the scrapes from the output of go test -bench, the median where it has several of one kind.
func readScrapes(path string) ([]Scrape, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var names []string
	times := map[string][]float64{}
	for line := range strings.Lines(string(text)) {
		m := scrapeBenchmark.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		ns, err := strconv.ParseFloat(m[2], 64)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if times[m[1]] == nil {
			names = append(names, m[1])
		}
		times[m[1]] = append(times[m[1]], ns/1e9)
	}
	var all []Scrape
	for _, name := range names {
		all = append(all, Scrape{name, median(times[name])})
	}
	return all, nil
}
