package main

import (
	"regexp"
	"strconv"
	"strings"
)

// exposition is what /metrics answers, in the text format.
type exposition []series

type series struct {
	name, labels string
	value        float64
}

var (
	seriesLine = regexp.MustCompile(`^([a-z_A-Z][\w:]*)(?:\{(.*)\})? (\S+)$`)
	labelPair  = regexp.MustCompile(`(\w+)="([^"]*)"`)
)

// parseExposition takes the lines that it understands. Label values with quotes are not among them, and none of those that matter here has any.
func parseExposition(text []byte) exposition {
	var all exposition
	for line := range strings.Lines(string(text)) {
		m := seriesLine.FindStringSubmatch(strings.TrimSuffix(line, "\n"))
		if m == nil {
			continue
		}
		if value, err := strconv.ParseFloat(m[3], 64); err == nil {
			all = append(all, series{m[1], m[2], value})
		}
	}
	return all
}

// sum adds up all series of a metric.
func (e exposition) sum(name string) float64 {
	sum := 0.0
	for _, s := range e {
		if s.name == name {
			sum += s.value
		}
	}
	return sum
}

// by adds up a metric by the values of a label. What is 0 is left out.
func (e exposition) by(name, label string) map[string]int64 {
	sums := map[string]int64{}
	for _, s := range e {
		if s.name != name || s.value == 0 {
			continue
		}
		for _, pair := range labelPair.FindAllStringSubmatch(s.labels, -1) {
			if pair[1] == label {
				sums[pair[2]] += int64(s.value)
			}
		}
	}
	return sums
}
