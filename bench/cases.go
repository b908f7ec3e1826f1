package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"errcode_exporter/bench/logs"
)

// benchCase is a set of logs that everybody has to read.
type benchCase struct {
	name  string
	title string
	logs  []logs.Options
	peers bool // also those that take long are run
}

// cases are what is measured; each log has so many bytes.
func cases(bytes int64) []benchCase {
	one := func(shape logs.Shape, percent float64) []logs.Options {
		return []logs.Options{{Shape: shape, Percent: percent, Bytes: bytes, Seed: 1}}
	}
	second := one(logs.Mixed, 1)[0]
	second.Seed = 2
	return []benchCase{
		{name: "mixed-1", title: "JSON and text mixed, 1 % of lines name a code", logs: one(logs.Mixed, 1), peers: true},
		{name: "mixed-0", title: "mixed, no line names a code", logs: one(logs.Mixed, 0)},
		{name: "mixed-20", title: "mixed, 20 % of lines name a code", logs: one(logs.Mixed, 20)},
		{name: "storm", title: "the storm: every line names a code", logs: one(logs.Mixed, 100), peers: true},
		{name: "json-1", title: "JSON only, 1 %", logs: one(logs.JSON, 1)},
		{name: "text-1", title: "text only, 1 %", logs: one(logs.Text, 1)},
		{name: "cri-1", title: "mixed, wrapped by a Kubernetes container runtime, 1 %", logs: one(logs.CRI, 1)},
		{name: "two-files", title: "two mixed files side by side, 1 %", logs: append(one(logs.Mixed, 1), second)},
	}
}

// write writes a log unless it is there already, and returns where, with the truth.
func (b *bench) write(o logs.Options) (string, logs.Truth, error) {
	path := filepath.Join(b.data, o.Name())
	var truth logs.Truth
	if text, err := os.ReadFile(path + ".truth.json"); err == nil {
		if err := json.Unmarshal(text, &truth); err == nil {
			if info, err := os.Stat(path); err == nil && info.Size() == truth.Bytes {
				return path, truth, nil
			}
		}
	}
	file, err := os.Create(path)
	if err != nil {
		return "", truth, err
	}
	truth, err = logs.Write(file, o)
	if closeErr := file.Close(); err == nil {
		err = closeErr
	}
	if err != nil {
		return "", truth, fmt.Errorf("%s: %w", path, err)
	}
	text, err := json.Marshal(truth)
	if err != nil {
		return "", truth, err
	}
	return path, truth, os.WriteFile(path+".truth.json", text, 0o644)
}

// measure lets the contenders of a case read its logs in turn: A B C, A B C … The first round, which is not counted, warms the page cache.
func (b *bench) measure(c benchCase, all []contender) (Case, error) {
	result := Case{Name: c.name, Title: c.title}
	var files []string
	defer func() {
		for _, path := range files {
			_, _ = os.Remove(path), os.Remove(path+".truth.json") // the folder is one for such things
		}
	}()
	var first, both logs.Truth
	for i, o := range c.logs {
		path, truth, err := b.write(o)
		if err != nil {
			return result, err
		}
		files = append(files, path)
		both.Add(truth)
		if i == 0 {
			first = truth
		}
	}
	result.Bytes, result.Lines, result.Matched = both.Bytes, both.Lines, both.Matched
	var racing []contender
	for _, x := range all {
		if (x.one || x.slow) && x.one != (len(files) > 1) || x.peer && !c.peers {
			continue
		}
		racing = append(racing, x)
		bytes := both.Bytes
		if x.one {
			bytes = first.Bytes
		}
		result.Rows = append(result.Rows, Row{Name: x.name, Bytes: bytes})
	}
	for round := range b.runs + 1 {
		for i, x := range racing {
			if x.slow && (round == 0 || round > b.slowRuns) {
				continue
			}
			reads, truth := files, both
			if x.one {
				reads, truth = files[:1], first
			}
			sample, err := x.run(reads, truth)
			if err != nil {
				return result, fmt.Errorf("%s: %s: %w", c.name, x.name, err)
			}
			if round > 0 {
				result.Rows[i].Samples = append(result.Rows[i].Samples, sample)
			}
		}
	}
	return result, nil
}
