package chaos

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// kills is how often the exporter is killed in each scenario.
func kills(t *testing.T) int {
	t.Helper()
	if s := os.Getenv("CHAOS_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatalf("CHAOS_KILLS: %v", err)
		}
		return n
	}
	if heavy() {
		return 50
	}
	return 3
}

// killed is a scenario in which the exporter is killed. What is left out is as usual.
type killed struct {
	scene  func(*testing.T) *scene
	logs   int      // how many are written; 0 is one
	writer []string // how
	// rotate begins to rotate one log, which a writer has open, and returns what ends that.
	rotate func(s *scene, w *job) (hasRotated func())
	check  func(*scene)
	quick  bool // run also where there is little time
}

// rotatedEvery is often enough for one or two rotations while the exporter is dead.
const rotatedEvery = 400 * time.Millisecond

// TestKill kills the exporter again and again, at any moment, while a log is written and rotated and a Prometheus scrapes.
// Counts are exact, and no sample is ever lower than one before.
func TestKill(t *testing.T) {
	t.Parallel()
	ours := func(mode string, args ...string) func(*scene, *job) func() {
		return func(s *scene, w *job) func() {
			r := s.rotate(mode, rotatedEvery, append([]string{"-gate=" + s.gate, "-tell=" + strconv.Itoa(w.cmd.Process.Pid)}, args...)...)
			return func() { r.Helper(); r.stop().hasRotated() }
		}
	}
	logrotate := func(tell bool, directives ...string) func(*scene, *job) func() {
		return func(s *scene, w *job) func() {
			pid := 0
			if tell {
				pid = w.cmd.Process.Pid
			}
			return s.logrotate(rotatedEvery, pid, directives...).hasRotated
		}
	}
	for name, k := range map[string]killed{
		"no rotation":                 {rotate: func(*scene, *job) func() { return func() {} }},
		"rename":                      {rotate: ours("date"), quick: true},
		"rename and gzip":             {rotate: ours("gzip")},
		"every generation matches":    {rotate: ours("shift"), scene: newMatchingAll},
		"several logs":                {rotate: ours("shift"), scene: newMatchingAll, logs: 5, writer: []string{"-rate=200"}},
		"half lines":                  {rotate: ours("shift"), writer: []string{"-flush=4096", "-hold=100ms"}},
		"5,000 lines a second":        {rotate: ours("date"), writer: []string{"-rate=5000"}},
		"copytruncate":                {rotate: ours("copytruncate")},
		"copytruncate with holes":     {rotate: ours("copytruncate"), writer: []string{"-append=false", "-rate=200"}},
		"copytruncate under load":     {rotate: ours("copytruncate", "-gate="), writer: []string{"-shape=lines", "-rate=10000"}, check: (*scene).isBounded},
		"delete and recreate":         {rotate: ours("delete"), check: (*scene).isBounded},
		"kubelet":                     {rotate: ours("kubelet", "-gap=20ms"), scene: newPod, quick: true},
		"logrotate create":            {rotate: logrotate(true, "create 0644")},
		"logrotate create, compress":  {rotate: logrotate(true, "create 0644", "notifempty", "compress", "delaycompress")},
		"logrotate copytruncate":      {rotate: logrotate(false, "copytruncate")},
		"logrotate copytruncate, too": {rotate: logrotate(false, "copytruncate", "notifempty", "compress", "delaycompress")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !k.quick {
				onlyWithTime(t)
			}
			k.run(t, (*exporter).isKilled)
		})
	}
}

// TestTerm ends the exporter in order, again and again, and begins it again, while a log is rotated.
func TestTerm(t *testing.T) {
	t.Parallel()
	onlyWithTime(t)
	for _, mode := range []string{"gzip", "copytruncate"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			k := killed{rotate: func(s *scene, _ *job) func() {
				r := s.rotate(mode, rotatedEvery, "-gate="+s.gate)
				return func() { r.Helper(); r.stop().hasRotated() }
			}}
			k.run(t, (*exporter).isEnded)
		})
	}
}

func (k *killed) run(t *testing.T, end func(x *exporter, times int)) {
	t.Helper()
	if k.scene == nil {
		k.scene = func(t *testing.T) *scene { t.Helper(); return newScene(t) }
	}
	if k.check == nil {
		k.check = (*scene).isExact
	}
	s := k.scene(t)
	s.prom = startPrometheus(t, s.x)
	var writers []*job
	var hasRotated []func()
	first := s.log
	for n := range max(k.logs, 1) {
		if n > 0 {
			s.log = fmt.Sprintf("%s-%d.log", strings.TrimSuffix(first, ".log"), n)
			s.next += 1_000_000
		}
		w := s.write(append([]string{"-rate=1000", "-gate=" + s.gate}, k.writer...)...)
		writers = append(writers, w)
		hasRotated = append(hasRotated, k.rotate(s, w))
	}
	end(s.x, kills(t))
	for n, w := range writers {
		hasRotated[n]()
		w.stop().hasWritten()
	}
	k.check(s)
}

// newMatchingAll is a scene in which the glob matches what was rotated, too.
func newMatchingAll(t *testing.T) *scene {
	t.Helper()
	s := bareScene(t)
	s.touch(s.log)
	s.x = serveFiles(t, []string{filepath.Join(s.folder, "*.log*")})
	return s
}
