package tailer

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nxadm/tail"
)

const (
	// Files on a network raise no events for what others write.
	remoteInterval       = 250 * time.Millisecond
	remoteParkedInterval = time.Second

	// Bytes that nxadm/tail may be behind before the block reader takes over, and for how long it does then. nxadm/tail costs
	// three allocations and more than a microsecond a line. It holds no more than this in memory.
	followLag = 64 << 10
	burstRest = time.Second

	tailRetryAfter = time.Minute // after nxadm/tail could not open the file, or ended by itself
)

// mayFollow says whether the file is one for nxadm/tail: it holds an unfinished line as a whole in memory, and it delivers the
// rest of a line that was cut as if it were a line.
func (f *file) mayFollow() bool {
	return !f.remote && !f.cut.skipping && f.seen-f.offset <= followLag && time.Now().After(f.noTailFor)
}

// follow lets nxadm/tail read the file, and returns when the block reader should look at it: the file was truncated,
// went quiet, lost its name, is too far ahead, or holds a line that needs care; or when ctx is done.
func (f *file) follow(ctx context.Context) {
	// The link in /proc leads to the inode that we hold, so neither renaming nor removing the file is visible to nxadm/tail.
	t, err := newFollower(fmt.Sprintf("/proc/self/fd/%d", f.fd), f.offset)
	if err != nil {
		// The link to the descriptor checks permissions again, and /proc may not be there.
		f.t.opt.Logger.Debug("file cannot be followed, reading it in blocks", "source", f.source, "path", f.name(), "err", err)
		f.noTailFor = time.Now().Add(tailRetryAfter)
		return
	}
	defer t.stop()
	f.setPhase(Following)
	for ctx.Err() == nil && !f.wanted() && f.takeTurn(t) && time.Since(f.lastNew) < f.t.opt.ParkAfter {
		f.decideIfIdle()
		f.rest(ctx)
	}
}

// takeTurn has t read what has come since the turn before, and delivers it. It says whether t may have the next turn too.
func (f *file) takeTurn(t *follower) bool {
	seen := f.seen
	size, err := f.look()
	if err != nil || size < seen {
		return false
	}
	f.saw(size)
	if size-f.offset > followLag {
		f.noTailFor = time.Now().Add(burstRest)
		return false
	}
	if size == t.at {
		return f.flush(nil)
	}
	batch := make([]byte, 0, size-f.offset)
	err = t.read(size, func(line *tail.Line) bool {
		if !f.fits(line, len(batch)) {
			return false
		}
		batch = append(append(batch, line.Text...), '\n')
		return true
	})
	if errors.Is(err, errEnded) {
		f.noTailFor = time.Now().Add(tailRetryAfter)
	}
	return f.flush(batch) && err == nil
}

// fits says whether line is the next one of the file and needs no care.
func (f *file) fits(line *tail.Line, batched int) bool {
	size := len(line.Text) + 1
	return line.Err == nil && line.SeekInfo.Offset == f.offset+int64(batched+size) &&
		size <= f.cut.max && line.Text[:min(1, len(line.Text))] != "\x00"
}

// flush delivers the lines of batch if what was consumed before them is still in the file after they were read, and they
// begin there as they do. If not, the file was truncated and nobody can tell what nxadm/tail has read of which content: then
// nothing is delivered. A copy of the old content, if there is one, has its lines.
func (f *file) flush(batch []byte) bool {
	known := f.trail.end()
	at := f.offset - int64(len(known))
	var buf [2 * markBytes]byte
	expected := append(append(buf[:0], known...), batch[:min(len(batch), markBytes)]...)
	if held, err := f.holds(expected, at); err != nil || !held {
		return false // the block reader meets it again
	}
	if len(batch) > 0 {
		f.deliver(Block{Data: batch, Offset: f.offset}, batch)
	}
	return true
}

// holds says whether the file has data, of at most twice markBytes, at off.
func (f *file) holds(data []byte, off int64) (bool, error) {
	var buf [2 * markBytes]byte
	n, err := readAt(f.fd, buf[:len(data)], off)
	return bytes.Equal(buf[:n], data), err
}
