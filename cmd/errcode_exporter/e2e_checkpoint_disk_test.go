package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// disk is a file system of its own, with a fault that comes and goes.
type disk struct {
	folder string
	fail   func()
	repair func() // what is fine stays so
	// hangs says that not even SIGKILL ends who waits for it, until it is repaired.
	hangs bool
}

// does runs a tool that has to succeed.
func does(t *testing.T, tool string, args ...string) {
	t.Helper()
	if out, err := exec.Command(needs(t, tool), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v: %s", tool, strings.Join(args, " "), err, out)
	}
}

// mounted mounts a file system until the test is over. The program is gone by then: it is started later.
func mounted(t *testing.T, args ...string) string {
	t.Helper()
	if os.Getenv("CHAOS") == "" {
		t.Skip("mounts and freezes file systems: make chaos does that, as root")
	}
	folder := t.TempDir()
	mountOn(t, folder, args...)
	return folder
}

func mountOn(t *testing.T, folder string, args ...string) {
	t.Helper()
	does(t, "mount", append(args, folder)...)
	t.Cleanup(func() { does(t, "umount", folder) })
}

// fullDisk has no room left.
func fullDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{folder: mounted(t, "-t", "tmpfs", "-o", "size=512k", "tmpfs")}
	filler := filepath.Join(d.folder, "filler")
	d.fail = func() {
		f, err := os.Create(filler)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		for err == nil {
			_, err = f.Write(make([]byte, 4096))
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatal(err)
		}
	}
	d.repair = func() {
		if err := os.Remove(filler); err != nil && !errors.Is(err, fs.ErrNotExist) {
			t.Fatal(err)
		}
	}
	return d
}

// readOnlyDisk can be read. What is open stays open for writing, as after an error of the disk; remounting all of it would
// be refused because of that.
func readOnlyDisk(t *testing.T) *disk {
	t.Helper()
	d := &disk{folder: mounted(t, "-t", "tmpfs", "-o", "size=512k", "tmpfs")}
	failed := false
	d.fail = func() {
		failed = true
		mountOn(t, d.folder, "--bind", d.folder)
		does(t, "mount", "-o", "remount,bind,ro", d.folder)
	}
	d.repair = func() {
		if failed {
			does(t, "mount", "-o", "remount,bind,rw", d.folder)
		}
	}
	return d
}

// hungDisk lets whoever writes wait.
func hungDisk(t *testing.T) *disk {
	t.Helper()
	freeze, shell := needs(t, "fsfreeze"), needs(t, "sh")
	image := filepath.Join(t.TempDir(), "image")
	f, err := os.Create(image)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(16<<20), f.Close()); err != nil {
		t.Fatal(err)
	}
	does(t, "mkfs.ext4", "-q", image)
	d := &disk{hangs: true, folder: mounted(t, "-o", "loop", image), repair: func() {}}
	d.fail = func() {
		// It thaws when the pipe is closed, so also when this process dies, however it does.
		thaw := exec.Command(shell, "-c", `read -r _; exec "$0" -u "$1"`, freeze, d.folder)
		thaw.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		pipe, err := thaw.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := thaw.Start(); err != nil {
			t.Fatal(err)
		}
		d.repair = sync.OnceFunc(func() {
			_ = pipe.Close()
			if err := thaw.Wait(); err != nil {
				t.Errorf("thawing %s: %v", d.folder, err)
			}
		})
		does(t, "fsfreeze", "-f", d.folder)
	}
	t.Cleanup(func() { d.repair() })
	return d
}

// disks are what a test of a disk's faults runs with.
var disks = map[string]func(*testing.T) *disk{"full": fullDisk, "read-only": readOnlyDisk, "hung": hungDisk}

func eachDisk(t *testing.T, f func(t *testing.T, d *disk)) {
	t.Helper()
	endToEnd(t)
	for name, make := range disks {
		t.Run(name, func(t *testing.T) { f(t, make(t)) })
	}
}

// newLivesOn begins a life on a disk that works.
func newLivesOn(t *testing.T, d *disk, folder string) *lives {
	t.Helper()
	l := newLives(t, filepath.Join(d.folder, folder))
	t.Cleanup(func() { // before it is waited for, which would take as long as the disk hangs
		_ = l.cmd.Process.Kill() // it may be gone already
		d.repair()
	})
	l.log.events("IS.4006", 3)
	l.isExact()
	l.isDurable(1)
	return l
}

// goesOn checks that scrapes go on without the disk, and see everything.
func (l *lives) goesOn() {
	l.Helper()
	l.log.events("IS.4006", 2)
	l.isDurable(0)
	errors := l.shows().sum("errcode_exporter_checkpoint_errors_total")
	l.log.events("IS.9876", 2) // is not listed
	l.isExact()
	m := l.shows()
	if got := m.sum("errcode_exporter_checkpoint_errors_total"); got <= errors {
		l.Errorf("%v checkpoints could not be written, as before", got)
	}
	if got := m.sum("errcode_exporter_checkpoint_durable"); got != 0 {
		l.Errorf("what is shown is durable: %v", got)
	}
}

// TestE2ECheckpointDiskFails takes the disk away for a while. Scrapes go on, with the truth.
func TestE2ECheckpointDiskFails(t *testing.T) {
	eachDisk(t, func(t *testing.T, d *disk) {
		l := newLivesOn(t, d, "state")
		for range 2 {
			d.fail()
			l.goesOn()
			d.repair()
			l.isDurable(1)
			l.isExact()
		}
		l.kill()
		l.begin(t)
		if l.scrape() == nil {
			t.Error("nothing is shown after a crash, although all was saved")
		}
		l.isExact()
	})
}

// TestE2ECheckpointDiskFailsAndKill kills the program when what it shows cannot be saved.
func TestE2ECheckpointDiskFailsAndKill(t *testing.T) {
	eachDisk(t, func(t *testing.T, d *disk) {
		for _, still := range []bool{true, false} {
			l := newLivesOn(t, d, fmt.Sprintf("still-%t", still))
			d.fail()
			l.goesOn()
			// What it means may be in the next line, so that it is counted a moment later.
			l.log.write("2026-11-23 20:49:58.123 ERROR search failed: APIG.0201\n")
			l.log.codes["APIG.0201"]++
			l.until("it is counted", func() bool { return l.shows().sum(errorsTotal, "code", "APIG.0201") == 1 })
			l.signal(syscall.SIGKILL)
			if d.hangs || !still {
				d.repair()
			}
			<-l.ended
			if still {
				l.backlog()
			}
			l.begin(t)
			if still {
				l.isSilentUntilRead()
			}
			l.isExact()
			if still && !d.hangs {
				l.isDurable(0)
				d.repair()
			}
			l.isDurable(1)
			l.isExact()
			l.end(syscall.SIGTERM)
		}
	})
}

// TestE2ECheckpointDiskFailsAndEnd ends the program in order while its last checkpoint cannot be written.
func TestE2ECheckpointDiskFailsAndEnd(t *testing.T) {
	eachDisk(t, func(t *testing.T, d *disk) {
		l := newLivesOn(t, d, "state")
		d.fail()
		l.goesOn()
		begun := time.Now()
		l.signal(syscall.SIGTERM)
		if d.hangs {
			l.until("nothing but the disk holds it", l.isHeldByDisk)
		} else {
			<-l.ended
		}
		if took := time.Since(begun); took > 2*promptly {
			t.Errorf("the end took %v", took)
		}
		if d.hangs {
			d.repair()
		}
		l.exits(exitFine)
		l.begin(t)
		l.isExact()
	})
}

// isHeldByDisk reports whether the program has ended but for the threads that no signal wakes.
func (l *lives) isHeldByDisk() bool {
	l.Helper()
	stats, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", l.cmd.Process.Pid))
	if err != nil {
		l.Fatal(err)
	}
	for _, stat := range stats {
		data, err := os.ReadFile(stat)
		if err != nil {
			continue // it is gone
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		if !strings.HasPrefix(rest, "D") && !strings.HasPrefix(rest, "Z") {
			return false
		}
	}
	return true
}
