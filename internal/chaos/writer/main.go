// writer is an application that logs for the chaos tests. Each line names its record (n) and ends in a checksum, so that
// whoever reads the files afterwards knows what is whole. At its end, or on SIGTERM, it prints what it wrote as JSON.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// options are the command line.
type options struct {
	path   string
	rate   int
	lines  int
	from   int
	every  int
	shape  string
	flush  int
	append bool
	notice bool
	create bool
	hold   time.Duration
	gate   string
}

func main() {
	var o options
	flag.StringVar(&o.path, "path", "", "file to write; links are followed")
	flag.IntVar(&o.rate, "rate", 1000, "lines per second; 0 is as fast as possible")
	flag.IntVar(&o.lines, "lines", 0, "end after about so many lines; 0 is never")
	flag.IntVar(&o.from, "from", 1, "number of the first record")
	flag.IntVar(&o.every, "every", 4, "every so many records one names a code")
	flag.StringVar(&o.shape, "shape", "mixed", "lines: an event is one line; mixed: of several lines, too; cri: as a container runtime writes, in parts")
	flag.IntVar(&o.flush, "flush", 0, "write blocks of so many bytes, wherever lines end; 0 writes line by line")
	flag.BoolVar(&o.append, "append", true, "open with O_APPEND; without, writing goes on at its own offset when the file was truncated")
	flag.BoolVar(&o.notice, "notice", true, "look whether the path is another file now; else only SIGHUP and SIGUSR1 tell")
	flag.BoolVar(&o.create, "create", true, "make the file when it is not there")
	flag.DurationVar(&o.hold, "hold", 0, "go on in the old file for so long after it was noticed that there is another")
	flag.StringVar(&o.gate, "gate", "", "file that is locked while there is a record to be written: who locks it (flock) makes the writer pause")
	flag.Parse()
	if err := run(&o); err != nil {
		fmt.Fprintln(os.Stderr, "writer:", err)
		os.Exit(1)
	}
}

// run writes until all is written or a signal ends it.
func run(o *options) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	reopen := make(chan os.Signal, 1)
	signal.Notify(reopen, syscall.SIGHUP, syscall.SIGUSR1)
	source, err := newSource(o)
	if err != nil {
		return err
	}
	gate, err := openGate(o.gate)
	if err != nil {
		return err
	}
	out := &sink{options: o}
	if err := out.open(); err != nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "writing")
	if err := pace(ctx, o, source, out, gate, reopen); err != nil {
		return err
	}
	if err := out.close(); err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(source.wrote)
}

// pace writes what is due, every other millisecond. Where the machine is too slow for the rate, the debt is forgiven after a
// tenth of a second: what counts is what was written, and that is told.
func pace(ctx context.Context, o *options, source *source, out *sink, gate *gate, reopen <-chan os.Signal) error {
	const tick, patience = 2 * time.Millisecond, 100 * time.Millisecond
	start, begun := time.Now(), source.wrote.Lines
	for ctx.Err() == nil && (o.lines == 0 || source.wrote.Lines < o.lines) {
		due := 1000
		if o.rate > 0 {
			due = int(time.Since(start).Seconds()*float64(o.rate)) - (source.wrote.Lines - begun)
			if most := int(patience.Seconds() * float64(o.rate)); due > most {
				start, begun, due = time.Now(), source.wrote.Lines, most
			}
		}
		if err := gate.pass(func() error { return batch(o, due, source, out) }); err != nil {
			return err
		}
		select {
		case <-reopen:
			out.told = true
		default:
		}
		if err := out.follow(); err != nil {
			return err
		}
		if o.rate > 0 {
			time.Sleep(tick)
		}
	}
	return nil
}

// batch writes so many lines, or a few more: a record is never left unfinished.
func batch(o *options, due int, source *source, out *sink) error {
	for end := source.wrote.Lines + due; source.wrote.Lines < end && (o.lines == 0 || source.wrote.Lines < o.lines); {
		for _, line := range source.next() {
			if err := out.write(line); err != nil {
				return err
			}
		}
	}
	return nil
}
