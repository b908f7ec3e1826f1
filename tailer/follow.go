package tailer

import (
	"bytes"
	"context"
	"fmt"
	"time"

	"github.com/nxadm/tail"
	"github.com/nxadm/tail/watch"
)

const (
	// pollInterval is how often a file that is followed is looked at: twice the usual latency of a line. Each file that
	// was written in the last ParkAfter costs half a millisecond of CPU a second for it.
	pollInterval = 40 * time.Millisecond

	// Files on a network are never followed by nxadm/tail: it ends the process when a look at the file fails.
	remoteInterval       = 250 * time.Millisecond
	remoteParkedInterval = time.Second

	// Bytes that nxadm/tail may be behind before the block reader takes over, and for how long it does then. nxadm/tail costs
	// three allocations and more than a microsecond a line. Of a core, at 50,000 lines of 134 bytes a second, 1 MiB here needed
	// 20 %, 256 KiB 9 to 15 %, 64 KiB 8 to 9 %, 16 KiB the same; at 3,000 a second the four are alike.
	followLag = 64 << 10
	burstRest = time.Second

	followCheck    = 100 * time.Millisecond // how often the lag is looked at when no event comes
	batchBytes     = 64 << 10               // of lines that are delivered together
	batchLinger    = 2 * time.Millisecond   // how long a line waits for others
	tailRetryAfter = time.Minute            // after nxadm/tail could not open the file, or ended by itself
)

// nxadm/tail knows its polling interval only as a variable of the package, which its goroutines read without a lock:
// it can be set only before the first of them.
func init() { watch.POLL_DURATION = pollInterval }

// mayFollow says whether the file is one for nxadm/tail: it holds an unfinished line as a whole in memory however
// long that is, and it delivers the rest of a line that was cut as if it were a line. The guard ends it should such a line
// come later.
func (f *file) mayFollow() bool {
	return !f.remote && !f.cut.skipping && f.seen-f.offset <= followLag && time.Now().After(f.noTailFor)
}

// follow lets nxadm/tail read the file, and returns when the block reader should look at it: the file was truncated,
// went quiet, lost its name, is too far ahead, or holds a line that needs care; or when ctx is done.
func (f *file) follow(ctx context.Context) {
	t, err := f.startTail()
	if err != nil {
		// The link to the descriptor checks permissions again, and /proc may not be there.
		f.t.opt.Logger.Debug("file cannot be followed, reading it in blocks", "source", f.source, "path", f.name(), "err", err)
		f.noTailFor = time.Now().Add(tailRetryAfter)
		return
	}
	defer f.stopTail(t)
	f.t.guard.watch(f, t)
	f.setPhase(Following)

	var batch []byte
	linger := time.NewTimer(time.Hour)
	linger.Stop()
	defer linger.Stop()
	check := time.NewTicker(followCheck)
	defer check.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case line, ok := <-t.Lines:
			if !ok {
				f.noTailFor = time.Now().Add(tailRetryAfter)
				f.isAhead() // then the guard has ended it
				f.flush(batch)
				return
			}
			if !f.fits(line, len(batch)) {
				f.flush(batch)
				return
			}
			if len(batch) == 0 {
				linger.Reset(batchLinger)
			}
			batch = append(append(batch, line.Text...), '\n')
			if len(batch) < batchBytes {
				continue
			}
		case <-linger.C:
		case <-f.wake:
			if f.wanted() || f.isAhead() {
				f.flush(batch)
				return
			}
			continue
		case <-check.C:
			switch {
			case f.isAhead():
				f.flush(batch)
				return
			case len(batch) > 0:
			case time.Since(f.lastNew) >= f.t.opt.ParkAfter:
				return
			default:
				f.decideIfIdle()
			}
			continue
		}
		linger.Stop()
		if !f.flush(batch) {
			return
		}
		if batch = batch[:0]; cap(batch) > 2*batchBytes {
			batch = nil
		}
	}
}

// startTail begins at the offset. The link in /proc leads to the inode that we hold, so neither renaming nor removing
// the file is visible to nxadm/tail.
func (f *file) startTail() (*follower, error) {
	t, err := tail.TailFile(fmt.Sprintf("/proc/self/fd/%d", f.fd), tail.Config{
		Location:      &tail.SeekInfo{Offset: f.offset},
		MustExist:     true,
		Poll:          true,
		Follow:        true,
		CompleteLines: true,
		Logger:        tail.DiscardingLogger,
	})
	if err != nil {
		return nil, err
	}
	return newFollower(t), nil
}

// stopTail ends t. What it read and did not hand over is read again from the offset.
func (f *file) stopTail(t *follower) {
	f.t.guard.release(f)
	t.cutShort()
	for range t.Lines { // its goroutine may be about to hand over a line
	}
	_ = t.Wait()
	// Its polling goroutine looks at the descriptor once more.
	f.tailUntil = time.Now().Add(2 * pollInterval)
}

// fits says whether line is the next one of the file and needs no care.
func (f *file) fits(line *tail.Line, batched int) bool {
	size := len(line.Text) + 1
	return line.Err == nil && line.SeekInfo.Offset == f.offset+int64(batched+size) &&
		size <= f.cut.max && line.Text[:min(1, len(line.Text))] != "\x00"
}

// isAhead says whether the file was truncated or has grown so far past the offset that the block reader is needed.
func (f *file) isAhead() bool {
	size, err := f.look()
	if err != nil {
		return true
	}
	f.saw(size)
	if size-f.offset > followLag {
		f.noTailFor = time.Now().Add(burstRest)
		return true
	}
	return size < f.offset
}

// flush delivers the lines of batch if what was consumed before them is still in the file after they were read. If not, the
// file was truncated and nobody can tell what nxadm/tail has read of which content: then nothing is delivered. A copy of
// the old content, if there is one, has its lines.
func (f *file) flush(batch []byte) bool {
	if len(batch) == 0 {
		return true
	}
	f.saw(f.offset + int64(len(batch)))
	known, at := f.trail.end(), f.offset-int64(len(f.trail.end()))
	if len(known) == 0 {
		known, at = batch[:min(len(batch), markBytes)], f.offset
	}
	if held, err := f.holds(known, at); err != nil || !held {
		return false // the block reader meets it again
	}
	f.deliver(Block{Data: batch, Offset: f.offset}, batch)
	return true
}

// holds says whether the file has data, of at most markBytes, at off.
func (f *file) holds(data []byte, off int64) (bool, error) {
	var buf [markBytes]byte
	n, err := readAt(f.fd, buf[:len(data)], off)
	return bytes.Equal(buf[:n], data), err
}
