package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

// frame is a function, called from the one above it in the tree.
type frame struct {
	name  string
	time  time.Duration // of the function and all that it called
	calls map[string]*frame
}

func (f *frame) call(name string) *frame {
	if f.calls[name] == nil {
		f.calls[name] = &frame{name: name, calls: map[string]*frame{}}
	}
	return f.calls[name]
}

// sampled is the first line of a trace: the time, and the innermost function.
var sampled = regexp.MustCompile(`^\s*([\d.]+(?:ns|us|µs|ms|s|mins|hrs))\s+(\S.*)$`)

var errNoTraces = errors.New("no traces on standard input: go tool pprof -traces prints them")

// readTraces adds up the traces, outermost function first.
func readTraces(r io.Reader) (*frame, error) {
	root := &frame{name: "all", calls: map[string]*frame{}}
	var stack []string
	var took time.Duration
	add := func() {
		if len(stack) == 0 {
			return
		}
		root.time += took
		at := root
		for i := len(stack) - 1; i >= 0; i-- {
			at = at.call(stack[i])
			at.time += took
		}
		stack = nil
	}
	scanner := bufio.NewScanner(r)
	begun := false
	for scanner.Scan() {
		text := scanner.Text()
		if strings.HasPrefix(text, "-----------+") {
			add()
			begun = true
			continue
		}
		if !begun {
			continue
		}
		name := strings.TrimSpace(text)
		if m := sampled.FindStringSubmatch(text); m != nil && len(stack) == 0 {
			d, err := time.ParseDuration(strings.NewReplacer("mins", "m", "hrs", "h").Replace(m[1]))
			if err != nil {
				return nil, fmt.Errorf("%q: %w", text, err)
			}
			took, name = d, m[2]
		}
		if name != "" {
			stack = append(stack, strings.TrimSuffix(name, " (inline)"))
		}
	}
	add()
	if err := scanner.Err(); err != nil {
		return nil, err
	}
	if root.time == 0 {
		return nil, errNoTraces
	}
	return root, nil
}
