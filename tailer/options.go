package tailer

import (
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Defaults of Options.
const (
	DefaultMaxLineBytes = 1 << 20
	DefaultRescan       = 5 * time.Second
	DefaultParkAfter    = 3 * time.Second
	DefaultDrainQuiet   = 30 * time.Second
	DefaultIdleAfter    = 200 * time.Millisecond
)

// minLineBytes is the lowest MaxLineBytes: below it the overlap with what was read before would dominate each read.
const minLineBytes = 256

// Options says what to tail and how. Sources and Open are required; every other zero value means its default.
type Options struct {
	Sources []Source

	// Open is called once for each generation of a file that is begun, also when a file that was thought to be over
	// goes on (File.Offset is then where). It may be called for several files at once, and while a cut is excluded:
	// it must not call the Tailer.
	Open func(File) Consumer

	// Resume is what an earlier Tailer's Positions were. nil means the very first start. Anything else, also without an
	// entry, means a later one: every file that it does not know is then read from its beginning, unless its source is new (Begun).
	Resume []Position

	// Begun are the names of the sources that an earlier Tailer has read. A source that is not among them begins like all sources at
	// the very first start, unless it names files that were read under another. nil means that all were.
	Begun []string

	Observer Observer     // nil: nothing is counted
	Logger   *slog.Logger // nil: nothing is logged

	// MaxLineBytes bounds one line, its newline included. Of a longer one the first MaxLineBytes are delivered.
	MaxLineBytes int
	// Rescan is how often all globs are walked although nothing was heard of. Without a working directory watch it
	// is a tenth of a second.
	Rescan time.Duration
	// ParkAfter is how long a file is quiet before it is no longer followed but only watched.
	ParkAfter time.Duration
	// DrainQuiet is how long a file that lost its name must be quiet before it is over, where the system does not say
	// whether somebody still has it open for writing (another user's file without CAP_LEASE, network file systems).
	DrainQuiet time.Duration
	// IdleAfter is how long nothing must come before Consumer.Idle is called.
	IdleAfter time.Duration
}

// Reasons and kinds that an Observer is given.
const (
	ReasonOpen  = "open"
	ReasonRead  = "read"
	ReasonWatch = "watch"

	RotationRename   = "rename"   // the name now belongs to another file, or to none
	RotationTruncate = "truncate" // the content was replaced under the same inode

	LostTruncated = "truncated" // the file was cut before all that had been seen of it was delivered
	LostTooLong   = "too_long"  // the rest of a line that is longer than MaxLineBytes
)

// Observer counts what happens to files. Its methods may be called from several goroutines at once and must not
// call the Tailer.
type Observer interface {
	// SourceError reports one failed attempt (reason open, read or watch). Every failure is retried.
	SourceError(source, reason string)
	// Rotation reports that a file lost its name (rename) or its content (truncate).
	Rotation(source, kind string)
	// LostBytes reports bytes that were on disk and can no longer be read.
	LostBytes(source, reason string, n int64)
}

// NopObserver counts nothing. Embed it to implement a part of Observer.
type NopObserver struct{}

// SourceError does nothing.
func (NopObserver) SourceError(string, string) {}

// Rotation does nothing.
func (NopObserver) Rotation(string, string) {}

// LostBytes does nothing.
func (NopObserver) LostBytes(string, string, int64) {}

var (
	errNoSources = errors.New("no sources to tail")
	errNoOpen    = errors.New("Options.Open is required")
)

// withDefaults checks o and fills in what was left zero.
func (o Options) withDefaults() (Options, error) {
	if len(o.Sources) == 0 {
		return o, errNoSources
	}
	if o.Open == nil {
		return o, errNoOpen
	}
	if o.Observer == nil {
		o.Observer = NopObserver{}
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.MaxLineBytes == 0 {
		o.MaxLineBytes = DefaultMaxLineBytes
	}
	if o.MaxLineBytes < minLineBytes {
		return o, fmt.Errorf("MaxLineBytes is %d: must be at least %d", o.MaxLineBytes, minLineBytes)
	}
	for _, d := range []struct {
		name  string
		value *time.Duration
		std   time.Duration
	}{
		{"Rescan", &o.Rescan, DefaultRescan},
		{"ParkAfter", &o.ParkAfter, DefaultParkAfter},
		{"DrainQuiet", &o.DrainQuiet, DefaultDrainQuiet},
		{"IdleAfter", &o.IdleAfter, DefaultIdleAfter},
	} {
		if *d.value < 0 {
			return o, fmt.Errorf("%s is negative: %s", d.name, *d.value)
		}
		if *d.value == 0 {
			*d.value = d.std
		}
	}
	return o, nil
}
