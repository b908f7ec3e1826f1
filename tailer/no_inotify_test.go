package tailer

import (
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// There is no inotify at all, or no watch is left: the same rotations lose nothing.
func TestNoInotify(t *testing.T) {
	const limited = "TAILER_TEST_INOTIFY_LIMIT"
	limit := os.Getenv(limited)
	if limit == "" {
		for _, name := range []string{"max_inotify_instances", "max_inotify_watches"} {
			t.Run(name, func(t *testing.T) {
				t.Setenv(limited, name)
				inNewUserNamespace(t, "TestNoInotify")
			})
		}
		return
	}
	if err := os.WriteFile("/proc/sys/user/"+limit, []byte("0"), 0o644); err != nil {
		t.Fatal(err)
	}
	f := func(name string, scenario func(t *testing.T)) {
		t.Helper()
		t.Run(name, scenario)
	}
	start := func(t *testing.T, pattern string) *rig {
		t.Helper()
		r := prepareRig(t)
		r.must(os.MkdirAll(r.path("pods/app"), 0o755))
		r.must(os.Symlink("pods/app/0.log", r.path("container.log")))
		r.start(pattern) // Rescan is an hour: that nothing is heard must be known
		t.Cleanup(func() {
			if r.counted("error watch") == 0 {
				t.Error("no failure of the watch was counted")
			}
		})
		return r
	}
	for _, pattern := range []string{"app.log", "app.log*"} {
		f("renamed and created, "+pattern, func(t *testing.T) {
			r := start(t, pattern)
			for round := range 6 {
				log := r.create("app.log")
				r.write(log, r.recordsOf(50))
				r.awaitGenerations(round + 1)
				if round%2 == 0 {
					r.awaitAll()
				}
				r.shift()
				r.write(log, r.recordsOf(50))
				r.must(log.Close())
			}
			r.append("app.log", r.recordsOf(5))
			r.finish()
		})
		f("generations that nobody saw under their name, "+pattern, func(t *testing.T) {
			r := start(t, pattern)
			r.append("app.log", r.recordsOf(50))
			r.awaitAll()
			for range 6 {
				r.shift()
				r.append("app.log", r.recordsOf(50))
			}
			r.finish()
		})
		f("copied and truncated, "+pattern, func(t *testing.T) {
			r := start(t, pattern)
			log := r.create("app.log")
			for round := range 4 {
				r.write(log, r.recordsOf(1000))
				r.shiftCopies()
				r.copy("app.log", "app.log.1")
				r.must(os.Truncate(r.path("app.log"), 0))
				if round%2 == 0 {
					r.awaitAll()
				}
			}
			r.write(log, r.recordsOf(5))
			r.awaitAll()
			r.await("everything is judged", func() bool { return !r.hasUnjudged() })
			r.finish()
		})
	}
	f("behind a link", func(t *testing.T) {
		r := start(t, "container.log")
		for i := range 4 {
			log := r.create("pods/app/0.log")
			r.write(log, r.recordsOf(10))
			r.awaitGenerations(i + 1)
			r.rename("pods/app/0.log", fmt.Sprintf("pods/app/0.log.2026112320250%d", i))
			r.write(log, r.recordsOf(10))
			r.must(log.Close())
		}
		r.append("pods/app/0.log", r.recordsOf(10))
		r.finish()
	})
}

// inNewUserNamespace runs a test in a process that may lower what the kernel grants it.
func inNewUserNamespace(t *testing.T, test string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "/proc/self/exe", "-test.run=^"+test+"$", "-test.count=1")
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  syscall.CLONE_NEWUSER,
		UidMappings: []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}},
	}
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.Process == nil {
		t.Skipf("no user namespaces here: %v", err)
	}
	if err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
