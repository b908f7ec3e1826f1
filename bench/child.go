package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Sample is what one run cost.
type Sample struct {
	Wall float64 `json:"wall_seconds"`
	CPU  float64 `json:"cpu_seconds"` // of user and system together
	RSS  int64   `json:"peak_rss_bytes"`
}

// finished is a program that has ended.
type finished struct {
	Sample
	stdout []byte
	status int
}

// run runs a program to its end and measures it. An exit status other than 0 is no error: for grep it only means that there was nothing.
func run(argv []string) (finished, error) {
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Env = environment()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return finished{}, err
	}
	peak := watchPeak(cmd.Process.Pid)
	err := cmd.Wait()
	wall := time.Since(began)
	f := finished{stdout: stdout.Bytes()}
	f.Wall = wall.Seconds()
	f.CPU = (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
	f.RSS = peak.end()
	var exit *exec.ExitError
	if errors.As(err, &exit) && exit.Exited() {
		f.status = exit.ExitCode()
	} else if err != nil {
		return finished{}, fmt.Errorf("%s: %w: %s", strings.Join(argv, " "), err, &stderr)
	}
	if f.status > 1 {
		return finished{}, fmt.Errorf("%s: exit status %d: %s", strings.Join(argv, " "), f.status, &stderr)
	}
	return f, nil
}

// environment makes grep and wc compare bytes, which is what they are fastest at.
func environment() []string { return append(os.Environ(), "LC_ALL=C", "NO_COLOR=1") }

// peak is the highest resident size of a process so far. What wait4 says is of no use: a process begins with the figure of the one that
// started it.
type peak struct {
	stop chan struct{}
	seen chan int64
}

func watchPeak(pid int) *peak {
	p := &peak{make(chan struct{}), make(chan int64, 1)}
	go func() {
		every := time.NewTicker(5 * time.Millisecond)
		defer every.Stop()
		high := int64(0)
		for {
			high = max(high, memory(pid, "VmHWM"))
			select {
			case <-p.stop:
				p.seen <- high
				return
			case <-every.C:
			}
		}
	}()
	return p
}

// end returns the peak; 0 if the process was over before anybody looked.
func (p *peak) end() int64 {
	close(p.stop)
	return <-p.seen
}

// memory returns a field of /proc/PID/status in bytes, 0 if the process is gone.
func memory(pid int, field string) int64 { return procField(pid, "status", field) << 10 } // it has KiB

// bytesRead is how much a process has read so far, from wherever.
func bytesRead(pid int) int64 { return procField(pid, "io", "rchar") }

// procField returns a number of a file of the process that has a field a line, 0 if it is not there.
func procField(pid int, file, field string) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, file))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, field+":"); ok {
			n, err := strconv.ParseInt(strings.Fields(rest + " 0")[0], 10, 64)
			if err != nil {
				return 0
			}
			return n
		}
	}
	return 0
}

// processorTime is what all threads of a process have used so far, to the nanosecond; /proc has hundredths of a second.
func processorTime(pid int) (time.Duration, error) {
	var t unix.Timespec
	const schedulerClock = 2                         // CPUCLOCK_SCHED of clock_getcpuclockid(3)
	clock := int32(^uint32(pid)<<3 | schedulerClock) //nolint:gosec // this is how the kernel wants it: a negative number
	if err := unix.ClockGettime(clock, &t); err != nil {
		return 0, fmt.Errorf("processor time of process %d: %w", pid, err)
	}
	return time.Duration(t.Nano()), nil
}
