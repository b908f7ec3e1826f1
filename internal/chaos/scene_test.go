package chaos

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"
)

// scene is a log, the exporter that reads it, perhaps a Prometheus, and what was written so far.
type scene struct {
	*testing.T
	x         *exporter
	prom      *prometheus // nil: none
	folder    string      // of all log files
	log       string      // what is written to
	cri       bool
	gate      string // who locks it makes the writers pause
	wrote     tally
	next      int // number of the next record
	rotations int
}

// newScene begins with an empty log that the exporter has seen. The exporter may be put behind another command.
func newScene(t *testing.T, behind ...string) *scene {
	t.Helper()
	s := bareScene(t)
	s.touch(s.log)
	s.x = serveFiles(t, []string{s.log}, behind...)
	return s
}

// bareScene has neither log nor exporter.
func bareScene(t *testing.T) *scene {
	t.Helper()
	if testing.Short() {
		t.Skip("runs the program itself: not with -short")
	}
	folder := t.TempDir()
	s := &scene{T: t, folder: folder, log: filepath.Join(folder, "app.log"), gate: filepath.Join(t.TempDir(), "gate"), next: 1}
	s.touch(s.gate)
	return s
}

// newPod is as newScene, for a container's log with the names that the kubelet gives.
func newPod(t *testing.T) *scene {
	t.Helper()
	s := bareScene(t)
	s.cri = true
	s.log = filepath.Join(s.folder, "pods", "shop_search-0_8e2b", "search", "0.log")
	link := filepath.Join(s.folder, "containers", "search-0_shop_search-8e2b.log")
	s.must(os.MkdirAll(filepath.Dir(s.log), 0o755))
	s.must(os.MkdirAll(filepath.Dir(link), 0o755))
	s.touch(s.log)
	s.must(os.Symlink(s.log, link))
	s.x = serveFiles(t, []string{filepath.Join(s.folder, "containers", "*.log")})
	return s
}

func (s *scene) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

func (s *scene) touch(path string) {
	s.Helper()
	f, err := os.OpenFile(path, os.O_CREATE|os.O_WRONLY, 0o644)
	s.must(err)
	s.must(f.Close())
}

// job is a writer or a rotator.
type job struct {
	*process
	s *scene
}

// write starts a writer that goes on where the last one ended, and waits until it has its file.
func (s *scene) write(args ...string) *job {
	s.Helper()
	args = append([]string{"-path=" + s.log, "-from=" + strconv.Itoa(s.next)}, args...)
	if s.cri {
		args = append(args, "-shape=cri")
	}
	w := &job{start(s.T, program(s.T, "writer"), args...), s}
	w.until("it writes, or has written", func() bool { return w.isOver() || w.stderr.String() != "" })
	return w
}

// writeFor starts a writer with so many lines a second for this long.
func (s *scene) writeFor(rate int, d time.Duration, args ...string) *job {
	s.Helper()
	return s.write(append([]string{"-rate=" + strconv.Itoa(rate), "-lines=" + strconv.Itoa(int(float64(rate)*d.Seconds()))}, args...)...)
}

// burst writes so many lines as fast as possible.
func (s *scene) burst(lines int, args ...string) {
	s.Helper()
	s.write(append([]string{"-rate=0", "-lines=" + strconv.Itoa(lines)}, args...)...).hasWritten()
}

// rotate starts a rotator.
func (s *scene) rotate(mode string, every time.Duration, args ...string) *job {
	s.Helper()
	r := &job{start(s.T, program(s.T, "rotator"), append([]string{"-mode=" + mode, "-path=" + s.log, "-every=" + every.String()}, args...)...), s}
	r.says("rotating")
	return r
}

func (j *job) isOver() bool {
	select {
	case <-j.ended:
		return true
	default:
		return false
	}
}

// hasWritten waits for the end of a writer, and notes what it wrote.
func (j *job) hasWritten() {
	j.Helper()
	j.exits()
	var t struct {
		tally
		Next int `json:"next"`
	}
	j.s.must(json.Unmarshal([]byte(j.stdout.String()), &t))
	j.s.wrote.add(t.tally)
	j.s.next = t.Next
}

// stop asks a writer or rotator to end.
func (j *job) stop() *job {
	j.Helper()
	if !j.isOver() {
		j.signal(syscall.SIGTERM)
	}
	return j
}

// hasRotated waits for the end of a rotator.
func (j *job) hasRotated() {
	j.Helper()
	j.exits()
	var t struct{ Rotations int }
	j.s.must(json.Unmarshal([]byte(j.stdout.String()), &t))
	j.s.rotations += t.Rotations
}

// truth is what the oracle says of the disk.
type truth struct {
	tally
	Files    int      `json:"files"`
	Torn     int      `json:"torn"`
	Corrupt  []string `json:"corrupt"`
	Repeated int      `json:"repeated"`
}

func (s *scene) onDisk() truth {
	s.Helper()
	args := []string{s.folder}
	if s.cri {
		args = slices.Insert(args, 0, "-cri")
	}
	cmd := exec.Command(program(s.T, "oracle"), args...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	s.must(err)
	var t truth
	s.must(json.Unmarshal(out, &t))
	if len(t.Corrupt) > 0 || t.Repeated > 0 {
		s.Errorf("the scenario itself is wrong: of the lines on disk %d are there twice, and these are damaged: %q", t.Repeated, t.Corrupt)
	}
	return t
}

// isRead waits until everything that was written was counted.
func (s *scene) isRead() {
	s.Helper()
	s.x.until("all that was written is counted", func() bool { return s.x.counted().covers(s.wrote) })
}

// isExact checks that everything that was written is on disk and was counted once.
func (s *scene) isExact() {
	s.Helper()
	disk := s.onDisk()
	if !disk.covers(s.wrote) || !s.wrote.covers(disk.tally) || disk.Torn > 0 {
		s.Errorf("the scenario itself is wrong: on disk is less than was written (%s) or more (%s), %d lines are torn", disk.less(s.wrote), s.wrote.less(disk.tally), disk.Torn)
	}
	s.counts(disk, s.wrote, s.wrote)
}

// isComplete checks that everything that was written was counted once, although not all is on disk any more.
func (s *scene) isComplete() { s.Helper(); s.counts(s.onDisk(), s.wrote, s.wrote) }

// isBounded checks that everything that is on disk was counted, and nothing twice: what the rotation destroyed may have been
// counted or not.
func (s *scene) isBounded() {
	s.Helper()
	disk := s.onDisk()
	got := s.counts(disk, disk.tally, s.wrote)
	s.Logf("%s: the rotation destroyed %d lines, %d events; %d and %d of them were counted before; %d lines are torn",
		s.Name(), s.wrote.Lines-disk.Lines, s.wrote.events()-disk.events(), got.Lines-disk.Lines, got.events()-disk.events(), disk.Torn)
}

// counts waits until the exporter has counted at least so much, and checks that it is not more than so much, neither a while later
// nor after a restart, when everything on disk is looked at again.
func (s *scene) counts(disk truth, least, most tally) (got tally) {
	s.Helper()
	defer func() {
		s.Logf("%s: written %d lines, %d events; on disk %d lines, %d events in %d files; counted %d lines, %d events; %s",
			s.Name(), s.wrote.Lines, s.wrote.events(), disk.Lines, disk.events(), disk.Files, got.Lines, got.events(), s.circumstances())
	}()
	for deadline := time.Now().Add(patience); !got.covers(least); time.Sleep(pollEvery) {
		s.x.isAlive()
		if time.Now().After(deadline) {
			s.Errorf("was not counted (got of want): %s; too often (want of got): %s", got.less(least), most.less(got))
			return got
		}
		got = s.x.counted()
	}
	check := func(when string) {
		s.Helper()
		if got = s.x.counted(); !most.covers(got) {
			s.Errorf("%s was counted too often (want of got): %s", when, most.less(got))
		}
	}
	check("when all was read")
	if heavy() {
		time.Sleep(settled) // nothing must happen, so there is nothing to wait for
		check("a while later")
	}
	if s.prom != nil {
		s.prom.sees(got)
	}
	before := got
	s.x.restarts()
	check("after a restart")
	if !got.covers(before) {
		s.Errorf("after a restart some is gone (got of want): %s", got.less(before))
	}
	return got
}

// settled is how long the exporter takes to judge a copy that it does not know, and more.
const settled = 3 * time.Second

func (s *scene) circumstances() string {
	text := fmt.Sprintf("%d rotations, %d kills", s.rotations, s.x.kills)
	if s.prom != nil {
		text += fmt.Sprintf(", %v resets", s.prom.resets)
	}
	return text
}
