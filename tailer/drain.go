package tailer

import (
	"context"
	"errors"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	drainInterval     = 100 * time.Millisecond
	longDrainInterval = time.Second // after a minute
)

// isAbandoned says whether nobody will write the file any more that has it open now.
func (f *file) isAbandoned() bool {
	if !f.remote {
		if open, known := hasWriter(f.fd); known {
			return !open
		}
	}
	if f.drainSince.IsZero() {
		f.drainSince = time.Now()
	}
	quietSince := f.drainSince
	if f.lastNew.After(quietSince) {
		quietSince = f.lastNew
	}
	return time.Since(quietSince) >= f.t.opt.DrainQuiet
}

// drainInterval is how often a file without a name is read: no event may come for it.
func (f *file) drainInterval() time.Duration {
	if f.drainSince.IsZero() {
		f.drainSince = time.Now()
	}
	if time.Since(f.drainSince) > time.Minute {
		return longDrainInterval
	}
	return drainInterval
}

// finish reads what was written between the last read and the moment the writer was found to be gone, delivers a
// last line without newline (not that of a copy, which is torn), and ends the generation. It returns false if the file is not over after all.
func (f *file) finish(ctx context.Context) bool {
	for {
		buf, err := f.t.buffers.take(ctx)
		if err != nil {
			return false
		}
		atEnd, err := f.step(buf, !f.copy)
		f.t.buffers.give(buf)
		switch {
		case errors.Is(err, errTruncated):
			f.restart()
			return false
		case err != nil:
			return false // the next read meets it again
		case atEnd:
			return f.endGeneration()
		}
	}
}

// endGeneration ends the generation unless the file has its name again.
func (f *file) endGeneration() bool {
	f.t.commit.RLock()
	defer f.t.commit.RUnlock()
	f.mu.Lock()
	if !f.draining {
		f.mu.Unlock()
		return false
	}
	f.phase = Done
	f.mu.Unlock()
	f.consumer.End()
	st, _ := statFD(f.fd) // without it the file is kept in mind as if it still had a name
	f.mu.Lock()
	if !f.copy {
		st.size = min(st.size, f.offset) // so that what was written since is noticed
	}
	f.looked, f.doneAt = st, time.Now()
	f.consumer = nil
	f.mu.Unlock()
	return true
}

// heldName returns the name that an open file has now, "" when it has none.
func heldName(fd int) string {
	name, err := os.Readlink("/proc/self/fd/" + strconv.Itoa(fd))
	if err != nil || strings.HasSuffix(name, " (deleted)") {
		return ""
	}
	return name
}
