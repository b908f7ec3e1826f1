package chaos

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

// patience bounds every wait for an event. It is reached only by a failure.
const (
	patience  = 60 * time.Second
	pollEvery = 20 * time.Millisecond
)

// heavy says whether there is time: make chaos sets it.
func heavy() bool { return os.Getenv("CHAOS") != "" }

// onlyWithTime skips what takes too long for every run of the tests.
func onlyWithTime(t *testing.T) {
	t.Helper()
	if !heavy() {
		t.Skip("takes long: make chaos runs it")
	}
}

// builtPrograms builds the exporter, with the race detector if this test has it, and the programs beside it, once, and returns
// their folder.
var builtPrograms = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "errcode_exporter-chaos-")
	if err != nil {
		return "", err
	}
	if err := os.Chmod(dir, 0o755); err != nil { // some run as another user
		return dir, err
	}
	build := func(args ...string) error {
		args = append([]string{"build", "-buildvcs=false", "-o", dir}, args...)
		if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("go %s: %w\n%s", strings.Join(args, " "), err, out)
		}
		return nil
	}
	exporter := []string{"errcode_exporter/cmd/errcode_exporter"}
	if info, ok := debug.ReadBuildInfo(); ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"}) {
		exporter = append([]string{"-race"}, exporter...)
	}
	if err := build(exporter...); err != nil {
		return dir, err
	}
	return dir, build("./writer", "./rotator", "./oracle")
})

// program returns the path of one that was built.
func program(t *testing.T, name string) string {
	t.Helper()
	dir, err := builtPrograms()
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, name)
}

func TestMain(m *testing.M) {
	code := m.Run()
	if !testing.Short() {
		if dir, _ := builtPrograms(); dir != "" {
			_ = os.RemoveAll(dir)
		}
	}
	os.Exit(code)
}

// needs returns where a real part is that a test runs against.
func needs(t *testing.T, tool string) string {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		path, err = exec.LookPath("/usr/sbin/" + tool) // where not everybody looks
	}
	if err != nil {
		t.Fatalf("%v: run make install-test-deps, which installs it", err)
	}
	return path
}

// does runs a tool that has to succeed.
func does(t *testing.T, tool string, args ...string) {
	t.Helper()
	if out, err := exec.Command(needs(t, tool), args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %s: %v: %s", tool, strings.Join(args, " "), err, out)
	}
}

// process is a program that runs until the test is over, or it ends.
type process struct {
	*testing.T
	cmd            *exec.Cmd
	stdout, stderr output
	ended          chan struct{} // closed
	quiet          bool          // what it wrote is not shown when the test fails
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

// start runs a program.
func start(t *testing.T, path string, args ...string) *process {
	t.Helper()
	p := &process{T: t, cmd: exec.Command(path, args...), ended: make(chan struct{})}
	// The race detector would wait a second before each end.
	p.cmd.Env = append(os.Environ(), "NO_COLOR=1", "GORACE=atexit_sleep_ms=0")
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
		if t.Failed() && !p.quiet {
			t.Logf("%s\nstdout: %s\nstderr: %s", strings.Join(p.cmd.Args, " "), ending(&p.stdout), ending(&p.stderr))
		}
	})
	return p
}

// ending is the last part of what a process printed.
func ending(o *output) string {
	const most = 4000
	text := o.String()
	return text[max(0, len(text)-most):]
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

// isAlive fails the test if the process has ended.
func (p *process) isAlive() {
	p.Helper()
	select {
	case <-p.ended:
		p.Fatalf("ended by itself (%v): %s", p.cmd.ProcessState, ending(&p.stderr))
	default:
	}
}

// exits waits for the end of the process, which must be a good one.
func (p *process) exits() {
	p.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		p.Fatalf("%s does not end; it wrote %s", p.cmd.Path, ending(&p.stderr))
	}
	if !p.cmd.ProcessState.Success() {
		p.Fatalf("%s ended with %v: %s", p.cmd.Path, p.cmd.ProcessState, ending(&p.stderr))
	}
}

// until waits for an event.
func (p *process) until(event string, happened func() bool) {
	p.Helper()
	for deadline := time.Now().Add(patience); !happened(); time.Sleep(pollEvery) {
		p.isAlive()
		if time.Now().After(deadline) {
			p.Fatalf("waited in vain for: %s", event)
		}
	}
}

// says waits until the process has written to stderr what matches, and returns the last group.
func (p *process) says(pattern string) string {
	p.Helper()
	re, found := regexp.MustCompile(pattern), []string(nil)
	p.until("stderr matches "+pattern, func() bool {
		found = re.FindStringSubmatch(p.stderr.String())
		return found != nil
	})
	return found[len(found)-1]
}
