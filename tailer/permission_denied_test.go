package tailer

import (
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// A file that may not be read is counted, waited for, and read in full once it may be; the others are not affected.
func TestPermissionDenied(t *testing.T) {
	if os.Getuid() == 0 {
		asNobody(t)
		return
	}
	r := prepareRig(t)
	r.append("a.log", r.recordsOf(3))
	r.append("locked.log", r.recordsOf(3))
	r.must(os.Chmod(r.path("locked.log"), 0))
	r.must(os.Mkdir(r.path("closed"), 0))
	r.start("**/*.log")
	r.await("both failures are counted", func() bool { return r.counted("error open") >= 2 })
	r.append("a.log", r.recordsOf(3))
	r.await("the other file is read", func() bool { return r.linesDelivered() == 6 })

	r.must(os.Chmod(r.path("locked.log"), 0o644))
	r.awaitAll()
	for _, b := range r.generations()[1].blocks {
		if !b.History {
			t.Error("what was there at the start is not history")
		}
	}
	// It is open now; nxadm/tail cannot open it again, the block reader need not.
	log := r.create("locked.log")
	r.must(os.Chmod(r.path("locked.log"), 0))
	r.write(log, r.recordsOf(3))
	r.awaitAll()
	r.finish()
}

// asNobody runs the calling test in a process that has no right to read other people's files.
func asNobody(t *testing.T) {
	t.Helper()
	tmp, err := os.MkdirTemp("", "tailer") // t.TempDir is not open to others
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(tmp) }()
	if err := os.Chmod(tmp, 0o777); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run=^"+t.Name()+"$", "-test.count=1")
	cmd.Dir = tmp
	cmd.Env = append(os.Environ(), "TMPDIR="+tmp)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: 65534, Gid: 65534}}
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// Running out of descriptors makes new files wait.
func TestOutOfDescriptors(t *testing.T) {
	r := newRig(t, "*.log", func(o *Options) { o.Rescan = 1 })
	r.append("a.log", r.recordsOf(3))
	r.awaitAll()
	var old unix.Rlimit
	r.must(unix.Getrlimit(unix.RLIMIT_NOFILE, &old))
	defer func() { r.must(unix.Setrlimit(unix.RLIMIT_NOFILE, &old)) }()
	a, b := r.create("a.log"), r.create("b.log.later")
	r.must(unix.Setrlimit(unix.RLIMIT_NOFILE, &unix.Rlimit{Cur: 3, Max: old.Max}))
	r.rename("b.log.later", "b.log")
	r.await("the failure is counted", func() bool { return r.counted("error open") > 0 })
	r.write(a, r.recordsOf(3))
	r.write(b, r.recordsOf(3))
	r.await("the open file is read", func() bool { return r.linesDelivered() == 6 })
	r.must(unix.Setrlimit(unix.RLIMIT_NOFILE, &old))
	r.finish()
}

func mkfifo(path string) error { return unix.Mkfifo(path, 0o644) }
