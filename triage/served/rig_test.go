package served

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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

// built is the exporter, built once for all tests of this package.
var built = sync.OnceValues(func() (*os.File, error) {
	dir, err := os.MkdirTemp("", "errcode_exporter-served-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }() // the file goes on without a name
	path := filepath.Join(dir, "errcode_exporter")
	build := exec.Command("go", "build", "-buildvcs=false", "-o", path, "./cmd/errcode_exporter")
	build.Dir = "../.."
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%v: %w\n%s", build.Args, err, out)
	}
	return os.Open(path)
})

// exporter is a running exporter and the log that it reads.
type exporter struct {
	*testing.T
	url    string
	log    *os.File
	cmd    *exec.Cmd
	stderr output
	ended  chan struct{}
}

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

// start runs an exporter of a log that is empty, as the source "search".
func start(t *testing.T, args ...string) *exporter {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the program itself: not with -short")
	}
	program, err := built()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	x := &exporter{T: t, ended: make(chan struct{})}
	x.log, err = os.Create(filepath.Join(dir, "app.log"))
	x.must(err)
	config := filepath.Join(dir, "errcode_exporter.yml")
	x.must(os.WriteFile(config, fmt.Appendf(nil, "sources:\n  - name: search\n    paths: [%s]\n    start_at: beginning\n", x.log.Name()), 0o600))
	args = append([]string{"serve", "--config.file=" + config, "--checkpoint.path=" + filepath.Join(dir, "checkpoint.json"), "--web.listen-address=127.0.0.1:0"}, args...)
	x.cmd = exec.Command(fmt.Sprintf("/proc/%d/fd/%d", os.Getpid(), program.Fd()), args...)
	x.cmd.Dir, x.cmd.Stderr = dir, &x.stderr
	x.must(x.cmd.Start())
	go func() {
		_ = x.cmd.Wait() // that it ends is all that counts
		close(x.ended)
	}()
	t.Cleanup(func() {
		_ = x.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
		select {
		case <-x.ended:
		case <-time.After(patience):
			_ = x.cmd.Process.Kill()
			<-x.ended
		}
		_ = x.log.Close() // only a test reads it
		if said := x.stderr.String(); strings.Contains(said, "panic") || t.Failed() {
			t.Errorf("the exporter says: %s", said)
		}
	})
	listening := regexp.MustCompile(`msg="Listening on" address=(127\.0\.0\.1:\d+)`)
	x.until("it listens", func() bool {
		m := listening.FindStringSubmatch(x.stderr.String())
		if m != nil {
			x.url = "http://" + m[1]
		}
		return m != nil
	})
	x.until("it is ready", func() bool { status, _ := x.get("/-/ready"); return status == http.StatusOK })
	return x
}

func (x *exporter) must(err error) {
	x.Helper()
	if err != nil {
		x.Fatal(err)
	}
}

// until waits for an event.
func (x *exporter) until(event string, happened func() bool) {
	x.Helper()
	for deadline := time.Now().Add(patience); !happened(); time.Sleep(pollEvery) {
		if time.Now().After(deadline) {
			x.Fatalf("waited in vain for: %s", event)
		}
	}
}

func (x *exporter) get(path string) (status int, body string) {
	x.Helper()
	response, err := http.Get(x.url + path)
	x.must(err)
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	x.must(err)
	return response.StatusCode, string(data)
}

// write appends to the log.
func (x *exporter) write(text string) {
	x.Helper()
	_, err := x.log.WriteString(text)
	x.must(err)
}

// event is a line that names a code.
func event(code, id string) string {
	return fmt.Sprintf("%s ERROR call failed: %s password=hunter2hunter2 request_id=%s\n", time.Now().Format("2006-01-02 15:04:05.000"), code, id)
}

// counts waits until so many events of a code are shown.
func (x *exporter) counts(code string, n int) {
	x.Helper()
	x.until(fmt.Sprintf("%s is counted %d times", code, n), func() bool {
		_, body := x.get("/api/v1/errors?code=" + code)
		return strings.Contains(body, fmt.Sprintf(`"total":%d,"last_hour"`, n))
	})
}
