package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// The tests in e2e_*_test.go run the program as it is run in production: a process of its own, real files, real sockets,
// a real Prometheus. They wait for events, never for time.

// patience bounds every wait for an event. It is reached only by a failure.
const (
	patience  = 60 * time.Second
	pollEvery = 20 * time.Millisecond
)

// endToEnd skips a test that needs the built program, and perhaps others, under -short.
func endToEnd(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the program itself: not with -short")
	}
}

// builtProgram builds the program once, with the race detector if this test has it.
var builtProgram = sync.OnceValues(func() (*os.File, error) {
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		return buildProgram("-race")
	}
	return buildProgram()
})

// buildProgram builds the program. The file has no name any more when it runs, so that nothing of it is left behind.
func buildProgram(flags ...string) (*os.File, error) {
	dir, err := os.MkdirTemp("", name+"-e2e-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	path := filepath.Join(dir, name)
	args := append(append([]string{"build", "-buildvcs=false", "-o", path}, flags...), ".")
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return os.Open(path)
}

// process is a program that runs until the test is over, or it ends.
type process struct {
	*testing.T
	cmd            *exec.Cmd
	stdout, stderr output
	ended          chan struct{} // closed
}

// output collects what a process prints.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

// start runs a program in a folder of its own.
func start(t *testing.T, path string, args ...string) *process {
	t.Helper()
	p := &process{T: t, cmd: exec.Command(path, args...), ended: make(chan struct{})}
	p.cmd.Dir = t.TempDir()
	// The race detector would wait a second before each end.
	p.cmd.Env = append(os.Environ(), "TMPDIR="+p.cmd.Dir, "NO_COLOR=1", "GORACE=atexit_sleep_ms=0")
	p.cmd.Stdout, p.cmd.Stderr = &p.stdout, &p.stderr
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // exits looks at the state
		close(p.ended)
	}()
	t.Cleanup(func() {
		_ = p.cmd.Process.Kill() // it may be gone already
		<-p.ended
		if t.Failed() {
			t.Logf("%s\nstdout: %s\nstderr: %s", strings.Join(p.cmd.Args, " "), &p.stdout, &p.stderr)
		}
	})
	return p
}

// startProgram runs the program itself, which must neither race nor panic. Its checkpoint is its own, unless args name one.
func startProgram(t *testing.T, args ...string) *process {
	t.Helper()
	named := func(arg string) bool { return strings.HasPrefix(arg, "--checkpoint.path=") }
	if args[0] == "serve" && !slices.ContainsFunc(args, named) {
		args = append(args, "--checkpoint.path="+filepath.Join(t.TempDir(), "checkpoint.json"))
	}
	built, err := builtProgram()
	if err != nil {
		t.Fatal(err)
	}
	p := start(t, fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), built.Fd()), args...)
	t.Cleanup(func() {
		for _, bad := range []string{"DATA RACE", "panic:", "fatal error:"} {
			if strings.Contains(p.stderr.String(), bad) {
				t.Errorf("%s: %s", bad, &p.stderr)
			}
		}
	})
	return p
}

// needs returns where a real part is that a test runs against.
func needs(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Fatalf("%v: run make install-test-deps, which installs it", err)
	}
	return path
}

func (p *process) signal(s os.Signal) {
	p.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		p.Fatal(err)
	}
}

// asleep stops the process while f runs, so that it meets everything that f does at once.
func (p *process) asleep(f func()) {
	p.Helper()
	p.signal(syscall.SIGSTOP)
	f()
	p.signal(syscall.SIGCONT)
}

// exits waits for the end of the process, which must be with this exit code.
func (p *process) exits(code int) {
	p.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.Fatalf("does not end; it wrote %s", &p.stderr)
	}
	if got := p.cmd.ProcessState.ExitCode(); got != code {
		p.Fatalf("exit code %d, want %d (%v)", got, code, p.cmd.ProcessState)
	}
}

// until waits for an event.
func (p *process) until(event string, happened func() bool) {
	p.Helper()
	for deadline := time.Now().Add(patience); !happened(); time.Sleep(pollEvery) {
		select {
		case <-p.ended:
			if !happened() {
				p.Fatalf("ended (%v) while waiting for: %s", p.cmd.ProcessState, event)
			}
			return
		default:
		}
		if time.Now().After(deadline) {
			p.Fatalf("waited in vain for: %s", event)
		}
	}
}

// says waits until the process has written to stderr what matches, and returns the first group.
func (p *process) says(pattern string) string {
	p.Helper()
	re, found := regexp.MustCompile(pattern), []string(nil)
	p.until("stderr matches "+pattern, func() bool {
		found = re.FindStringSubmatch(p.stderr.String())
		return found != nil
	})
	return found[len(found)-1]
}
