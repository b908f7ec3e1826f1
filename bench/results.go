package main

import (
	"encoding/json"
	"os"
	"slices"
)

// Results are everything that was measured. They are kept as JSON, and the page is drawn from them.
type Results struct {
	Machine   Machine   `json:"machine"`
	Date      string    `json:"date"`
	Revision  string    `json:"revision"`
	MB        int       `json:"mb"`
	Runs      int       `json:"runs"`
	Cases     []Case    `json:"cases"`
	Following []Live    `json:"following"`
	Latency   []Latency `json:"latency"`
	Idle      []Live    `json:"idle"`
	Nodes     []Node    `json:"nodes"`
	Scrapes   []Scrape  `json:"scrapes"`
}

// Machine is where it was measured.
type Machine struct {
	Processor string `json:"processor"`
	Cores     int    `json:"cores"`
	System    string `json:"system"`
	Go        string `json:"go"`
}

// Case is one set of logs, read by many.
type Case struct {
	Name    string `json:"name"`
	Title   string `json:"title"`
	Bytes   int64  `json:"bytes"`
	Lines   int64  `json:"lines"`
	Matched int64  `json:"matched_lines"`
	Rows    []Row  `json:"rows"`
}

// Row is what one contender needed.
type Row struct {
	Name    string   `json:"name"`
	Bytes   int64    `json:"bytes"` // that it read in each run
	Samples []Sample `json:"samples"`
}

// Live is a process that follows files, or waits for them to grow.
type Live struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"` // measured for so long
	CPU     float64 `json:"cpu"`     // part of a core, 0.01 is 1 %
	RSS     int64   `json:"rss_bytes"`
}

// Latency is how long it takes from a line being written until /metrics shows it, in seconds.
type Latency struct {
	Name    string  `json:"name"`
	Samples int     `json:"samples"`
	Median  float64 `json:"median"`
	P99     float64 `json:"p99"`
}

// Node is an exporter that reads the logs of so many pods.
type Node struct {
	Pods        int     `json:"pods"`
	LinesPerPod int     `json:"lines_per_pod"` // a second
	IdleCPU     float64 `json:"idle_cpu"`      // part of a core
	BusyCPU     float64 `json:"busy_cpu"`
	RSS         int64   `json:"rss_bytes"`
	Series      int     `json:"series"`
	ScrapeBytes int     `json:"scrape_bytes"`
	GzipBytes   int     `json:"gzip_bytes"`
	ScrapeTime  float64 `json:"scrape_seconds"`
}

// Scrape is a benchmark of answering one.
type Scrape struct {
	Name    string  `json:"name"`
	Seconds float64 `json:"seconds"`
}

func (r *Results) save(path string) error {
	text, err := json.MarshalIndent(r, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

func loadResults(path string) (*Results, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	r := &Results{}
	return r, json.Unmarshal(text, r)
}

func (r *Results) find(name string) *Case {
	for i := range r.Cases {
		if r.Cases[i].Name == name {
			return &r.Cases[i]
		}
	}
	return nil
}

func (c *Case) row(name string) *Row {
	for i := range c.Rows {
		if c.Rows[i].Name == name {
			return &c.Rows[i]
		}
	}
	return nil
}

// rates are bytes a second, run by run.
func (r *Row) rates() []float64 {
	var all []float64
	for _, s := range r.Samples {
		all = append(all, float64(r.Bytes)/s.Wall)
	}
	return all
}

// speed is the median of them.
func (r *Row) speed() float64 { return median(r.rates()) }

// cost is the median of CPU seconds for each 10⁹ bytes.
func (r *Row) cost() float64 {
	var all []float64
	for _, s := range r.Samples {
		all = append(all, s.CPU/float64(r.Bytes)*1e9)
	}
	return median(all)
}

// peak is the highest resident size of all runs.
func (r *Row) peak() int64 {
	high := int64(0)
	for _, s := range r.Samples {
		high = max(high, s.RSS)
	}
	return high
}

// ratio is how many times faster than another this is: the median of the ratios round by round, because what the machine did meanwhile slowed both of a round
// alike.
func (r *Row) ratio(other *Row) float64 {
	if r == nil || other == nil {
		return 0
	}
	a, b := r.rates(), other.rates()
	var all []float64
	for i := range min(len(a), len(b)) {
		all = append(all, a[i]/b[i])
	}
	return median(all)
}

// median returns 0 if there is nothing.
func median(all []float64) float64 { return quantile(all, 0.5) }

// quantile lies between the two values that are nearest to it.
func quantile(all []float64, q float64) float64 {
	if len(all) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(all))
	at := q * float64(len(sorted)-1)
	low := int(at)
	high := min(low+1, len(sorted)-1)
	return sorted[low] + (at-float64(low))*(sorted[high]-sorted[low])
}
