package main

import (
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"
)

// rotation is what was done so far.
type rotation struct {
	*options
	Rotations int       `json:"rotations"`
	clock     time.Time // of names; several rotations in a second must not have the same
	last      string    // the generation before the one that is written
}

// created makes the new file, unless the writer was faster, and tells the writer.
func (r *rotation) created() error {
	return errors.Join(touch(r.path), r.told())
}

func touch(path string) error {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	return file.Close()
}

func (r *rotation) told() error {
	if r.tell == 0 {
		return nil
	}
	if err := syscall.Kill(r.tell, syscall.SIGHUP); !errors.Is(err, syscall.ESRCH) { // the writer may have ended
		return err
	}
	return nil
}

func (r *rotation) stamped(format string) string {
	r.clock = r.clock.Add(time.Second)
	return r.path + r.clock.Format(format)
}

// date renames the file to one with a date, as logrotate does with dateext.
func (r *rotation) date() error {
	if err := os.Rename(r.path, r.stamped("-20060102-150405")); err != nil {
		return err
	}
	return r.created()
}

// shift renames app.log to app.log.1, that to app.log.2 and so on.
func (r *rotation) shift() error {
	if err := r.moveOn(); err != nil {
		return err
	}
	if err := os.Rename(r.path, r.path+".1"); err != nil {
		return err
	}
	return r.created()
}

// moveOn makes room for a new app.log.1.
func (r *rotation) moveOn() error {
	for _, end := range []string{"", ".gz"} {
		n := 1
		for ; n <= r.keep; n++ {
			if _, err := os.Lstat(r.numbered(n, end)); err != nil {
				break
			}
		}
		for ; n > 0; n-- {
			from, err := r.numbered(n, end), error(nil)
			if n >= r.keep {
				err = os.Remove(from)
			} else {
				err = os.Rename(from, r.numbered(n+1, end))
			}
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
		}
	}
	return nil
}

func (r *rotation) numbered(n int, end string) string { return fmt.Sprintf("%s.%d%s", r.path, n, end) }

// gzip is shift, and compresses the generation that was app.log.1 until now, as logrotate does with delaycompress.
func (r *rotation) gzip() error {
	if !r.isWritten() {
		return nil
	}
	previous := r.numbered(1, "")
	if _, err := os.Lstat(previous); err == nil {
		if err := errors.Join(compress(previous, previous+".gz"), os.Remove(previous)); err != nil {
			return err
		}
	}
	return r.shift()
}

// isWritten says whether the writer has begun with the new file. Until then it may write to the generation before, which must not be
// compressed yet.
func (r *rotation) isWritten() bool {
	st, err := os.Stat(r.path)
	return err == nil && st.Size() > 0
}

// compress makes a gzipped file of another.
func compress(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	z := gzip.NewWriter(out)
	_, err = io.Copy(z, in)
	return errors.Join(err, z.Close(), out.Close())
}

// copyTruncate copies the file to app.log.1 and empties it.
func (r *rotation) copyTruncate() error {
	if err := r.moveOn(); err != nil {
		return err
	}
	in, err := os.OpenFile(r.path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(r.path + ".1")
	if err != nil {
		return err
	}
	// Without the system's own ways to copy, which cp and logrotate do not use either.
	_, err = io.Copy(struct{ io.Writer }{out}, struct{ io.Reader }{in})
	return errors.Join(err, in.Truncate(0), out.Close())
}

// recreate deletes the file and makes a new one.
func (r *rotation) recreate() error {
	if err := os.Remove(r.path); err != nil {
		return err
	}
	return r.created()
}

// relink points the link at the next file. With a gap that is made later, and the link dangles meanwhile.
func (r *rotation) relink() error {
	target, link := r.stamped("-20060102-150405"), r.path+".new"
	if r.gap == 0 {
		if err := touch(target); err != nil {
			return err
		}
	}
	if err := errors.Join(os.Symlink(target, link), os.Rename(link, r.path)); err != nil {
		return err
	}
	time.Sleep(r.gap)
	return errors.Join(touch(target), r.told())
}

// kubelet compresses the generation before, renames the file to one with a date, and lets the container runtime make a new one,
// which takes a moment.
func (r *rotation) kubelet() error {
	if !r.isWritten() {
		return nil
	}
	if r.last != "" {
		if err := packed(r.last); err != nil {
			return err
		}
	}
	r.last = r.stamped(".20060102-150405")
	if err := os.Rename(r.path, r.last); err != nil {
		return err
	}
	time.Sleep(r.gap)
	return r.told()
}

// packed compresses as the kubelet does: under a name that ends in .tmp, which is then renamed.
func packed(path string) error {
	if err := compress(path, path+".tmp"); err != nil {
		return err
	}
	return errors.Join(os.Rename(path+".tmp", path+".gz"), os.Remove(path))
}

// kubeletBack renames the file back, as the kubelet does when the container runtime cannot make a new one.
func (r *rotation) kubeletBack() error {
	away := r.stamped(".20060102-150405")
	if err := os.Rename(r.path, away); err != nil {
		return err
	}
	time.Sleep(r.gap)
	return os.Rename(away, r.path)
}
