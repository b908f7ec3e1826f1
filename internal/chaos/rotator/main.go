// rotator rotates a log again and again for the chaos tests, in the ways in which logs are rotated. On SIGTERM it finishes
// what it is doing, and prints how often it rotated as JSON.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// options are the command line.
type options struct {
	path   string
	every  time.Duration
	rounds int
	keep   int
	gap    time.Duration
	tell   int
	gate   string
}

// modes are the ways to rotate.
var modes = map[string]func(*rotation) error{
	"date":         (*rotation).date,
	"shift":        (*rotation).shift,
	"gzip":         (*rotation).gzip,
	"copytruncate": (*rotation).copyTruncate,
	"delete":       (*rotation).recreate,
	"symlink":      (*rotation).relink,
	"kubelet":      (*rotation).kubelet,
	"kubelet-back": (*rotation).kubeletBack,
}

func main() {
	var o options
	names := strings.Join(slices.Sorted(maps.Keys(modes)), ", ")
	mode := flag.String("mode", "", "one of "+names)
	flag.StringVar(&o.path, "path", "", "file to rotate; symlink: the link, which must be there")
	flag.DurationVar(&o.every, "every", 200*time.Millisecond, "from one rotation to the next")
	flag.IntVar(&o.rounds, "rounds", 0, "end after so many rotations; 0 is never")
	flag.IntVar(&o.keep, "keep", 10_000, "keep so many generations")
	flag.DurationVar(&o.gap, "gap", 0, "how long the path does not exist, kubelet and symlink")
	flag.IntVar(&o.tell, "tell", 0, "process to send SIGHUP to when there is a new file")
	flag.StringVar(&o.gate, "gate", "", "file to lock meanwhile, which makes the writer pause")
	flag.Parse()
	rotate, ok := modes[*mode]
	if !ok {
		fmt.Fprintf(os.Stderr, "rotator: -mode is %q: must be one of %s\n", *mode, names)
		os.Exit(2)
	}
	if err := run(&o, rotate); err != nil {
		fmt.Fprintln(os.Stderr, "rotator:", err)
		os.Exit(1)
	}
}

func run(o *options, rotate func(*rotation) error) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	r := &rotation{options: o, clock: time.Date(2026, 11, 23, 10, 10, 10, 0, time.UTC)}
	fmt.Fprintln(os.Stderr, "rotating")
	for next := time.Now(); o.rounds == 0 || r.Rotations < o.rounds; r.Rotations++ {
		next = next.Add(o.every)
		select {
		case <-ctx.Done():
		case <-time.After(time.Until(next)):
		}
		if ctx.Err() != nil {
			break
		}
		if err := r.paused(rotate); err != nil {
			return err
		}
	}
	return json.NewEncoder(os.Stdout).Encode(r)
}

// paused rotates while the writer pauses, if there is a gate.
func (r *rotation) paused(rotate func(*rotation) error) error {
	if r.gate == "" {
		return rotate(r)
	}
	gate, err := os.OpenFile(r.gate, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer gate.Close() // and with it the lock
	if err := unix.Flock(int(gate.Fd()), unix.LOCK_EX); err != nil {
		return err
	}
	return rotate(r)
}
