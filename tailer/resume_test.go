package tailer

import (
	"os"
	"testing"
)

// whileDown is what happens while no Tailer runs. log is app.log, open for appending.
type whileDown struct {
	name string
	do   func(r *rig, log *os.File)
}

// downs are rotations that need no compression. Each leaves every record that it writes on disk.
var downs = []whileDown{
	{"nothing", func(*rig, *os.File) {}},
	{"appended", func(r *rig, log *os.File) { r.write(log, r.recordsOf(30)) }},
	{"renamed", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		r.rename("app.log", "app.log.1")
	}},
	{"renamed and created", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		r.rename("app.log", "app.log.1")
		r.append("app.log", r.recordsOf(30))
		r.write(log, r.recordsOf(30))
	}},
	{"renamed to another name", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		r.rename("app.log", "old-app")
		r.append("app.log", r.recordsOf(30))
	}},
	{"rotated three times", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		for range 3 {
			r.shift()
			r.append("app.log", r.recordsOf(100))
		}
	}},
	{"rotated three times and no new file", func(r *rig, log *os.File) {
		for range 3 {
			r.append("app.log", r.recordsOf(40))
			r.shift()
		}
	}},
	{"copied and truncated", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		r.copy("app.log", "app.log.1")
		r.must(log.Truncate(0))
	}},
	{"copied, truncated and larger", func(r *rig, log *os.File) {
		r.write(log, r.recordsOf(30))
		r.copy("app.log", "app.log.1")
		r.must(log.Truncate(0))
		r.write(log, r.recordsOf(300))
	}},
	{"copied and truncated twice", func(r *rig, log *os.File) {
		for range 2 {
			r.write(log, r.recordsOf(40))
			if _, err := os.Stat(r.path("app.log.1")); err == nil {
				r.rename("app.log.1", "app.log.2")
			}
			r.copy("app.log", "app.log.1")
			r.must(log.Truncate(0))
		}
		r.write(log, r.recordsOf(50))
	}},
	{"truncated", func(r *rig, log *os.File) {
		r.must(log.Truncate(0))
		r.write(log, r.recordsOf(30))
	}},
	{"truncated and larger", func(r *rig, log *os.File) {
		r.must(log.Truncate(0))
		r.write(log, r.recordsOf(500))
	}},
	{"deleted and recreated", func(r *rig, _ *os.File) {
		r.must(os.Remove(r.path("app.log")))
		r.append("app.log", r.recordsOf(120))
	}},
	{"deleted and recreated with the same inode", func(r *rig, log *os.File) {
		r.must(os.Remove(r.path("app.log")))
		r.must(log.Close()) // gives the inode free
		r.append("app.log", r.recordsOf(100))
	}},
}

func TestResume(t *testing.T) {
	for _, pattern := range []string{"app.log", "app.log*"} {
		for _, d := range downs {
			t.Run(pattern+" "+d.name, func(t *testing.T) {
				t.Parallel()
				r := prepareRig(t)
				log := r.create("app.log")
				r.write(log, r.recordsOf(50))
				r.start(pattern)
				r.write(log, r.recordsOf(50))
				r.awaitAll()
				s := r.down()
				d.do(r, log)
				r.up(pattern, s)
				r.awaitAll()
				r.append("app.log", r.recordsOf(10))
				r.finish()
				r.checkStates()
			})
		}
	}
}

// The process is killed: what was done after the checkpoint is done again.
func TestResumeAfterCrash(t *testing.T) {
	for _, pattern := range []string{"app.log", "app.log*"} {
		for _, d := range downs {
			t.Run(pattern+" "+d.name, func(t *testing.T) {
				t.Parallel()
				r := prepareRig(t)
				log := r.create("app.log")
				r.write(log, r.recordsOf(50))
				r.start(pattern)
				s := r.save()
				r.write(log, r.recordsOf(50))
				r.awaitAll()
				before := r.seq
				d.do(r, log)
				if d.name == "truncated" || d.name == "truncated and larger" || d.name[:4] == "dele" {
					r.forget(50, before) // was not saved, and is on disk no more
				}
				r.crash(s)
				r.up(pattern, s)
				r.append("app.log", r.recordsOf(10))
				r.awaitAll()
				r.finish()
				r.checkStates()
			})
		}
	}
}

// A second restart, without anything having happened, changes nothing.
func TestResumeTwice(t *testing.T) {
	r := newRig(t, "app.log")
	for i := range 3 {
		r.append("app.log", r.recordsOf(30))
		r.awaitGenerations(i + 1)
		r.shift()
	}
	r.append("app.log", r.recordsOf(5))
	r.awaitAll()
	for range 3 {
		s := r.down()
		r.up("app.log", s)
		r.append("app.log", r.recordsOf(5))
		r.awaitAll()
	}
	r.finish()
}

// Without an entry in what was saved every file is new.
func TestResumeFromNothing(t *testing.T) {
	r := prepareRig(t)
	r.append("app.log", r.recordsOf(30))
	r.up("app.log", &saved{positions: []byte("[]")})
	r.awaitAll()
	for _, b := range r.generations()[0].blocks {
		if b.History {
			t.Error("what was written after the very first start is not history")
		}
	}
	r.finish()
}

// What lay beside a file at the very first start is history for ever, also when it is renamed, and is read on when it is written.
func TestResumeLeavesHistoryAlone(t *testing.T) {
	r := prepareRig(t)
	for _, name := range []string{"app.log.1", "app.log.2", "app.log-20261122"} {
		r.append(name, "old\nvery old\n")
	}
	r.start("app.log")
	r.append("app.log", r.recordsOf(5))
	r.awaitAll()
	s := r.down()
	r.shift()
	r.append("app.log", r.recordsOf(5))
	r.up("app.log", s)
	r.awaitAll()
	r.append("app.log.3", r.recordsOf(5))
	r.append("app.log", r.recordsOf(5))
	r.finish()
}
