package tailer

import (
	"encoding/json"
	"os"
	"strconv"
	"strings"
)

// saved is what a checkpoint would hold: positions, and what had been delivered at that moment.
type saved struct {
	positions []byte
	files     []int // lines of each generation
	blocks    []int
	ended     []bool
}

// save takes a checkpoint.
func (r *rig) save() *saved {
	r.Helper()
	s := new(saved)
	r.tailer.Cut(func(all []Position) {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, p := range all {
			if p.StateErr != nil {
				r.Errorf("%s: %v", p.Path, p.StateErr)
			}
		}
		var err error
		if s.positions, err = json.Marshal(all); err != nil {
			r.Error(err)
		}
		for _, c := range r.files {
			s.files, s.blocks, s.ended = append(s.files, len(c.lines)), append(s.blocks, len(c.blocks)), append(s.ended, c.ended)
		}
	})
	return s
}

// down stops the Tailer and returns what it leaves.
func (r *rig) down() *saved {
	r.Helper()
	r.stop()
	return r.save()
}

// crash stops the Tailer and forgets what was delivered since the checkpoint.
func (r *rig) crash(s *saved) {
	r.Helper()
	r.stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.files = r.files[:len(s.files)]
	r.delivered = 0
	for i, c := range r.files {
		c.lines, c.blocks, c.ended = c.lines[:s.files[i]], c.blocks[:s.blocks[i]], s.ended[i]
		r.delivered += len(c.lines)
	}
}

// up starts a new Tailer that goes on from s.
func (r *rig) up(pattern string, s *saved, change ...func(*Options)) {
	r.Helper()
	all := s.all(r)
	r.start(pattern, append([]func(*Options){func(o *Options) {
		o.Resume = all
		o.Sources[0].StartAt = End // does not matter any more
	}}, change...)...)
}

func (s *saved) all(r *rig) []Position {
	r.Helper()
	all := []Position{}
	r.must(json.Unmarshal(s.positions, &all))
	return all
}

// commonName is what all rotated files of app.log have in common.
func commonName(path string) string {
	name, _, _ := strings.Cut(path, "app.log")
	return name
}

// checkStates verifies that each generation began with the state of the one before it of the same file.
func (r *rig) checkStates() {
	r.Helper()
	r.mu.Lock()
	defer r.mu.Unlock()
	for i, c := range r.files {
		if c.file.State == nil {
			continue
		}
		lines, err := strconv.Atoi(string(c.file.State))
		if err != nil {
			r.Errorf("generation %d: state is %q", i, c.file.State)
			continue
		}
		before := 0
		for _, b := range r.files[:i] {
			if commonName(b.file.Path) == commonName(c.file.Path) {
				before = max(before, b.base+len(b.lines))
			}
		}
		if lines > before {
			r.Errorf("generation %d of %s: state tells of %d lines, at most %d were read", i, c.file.Path, lines, before)
		}
	}
}

// shift renames as logrotate does: app.log.1 to app.log.2, and app.log to app.log.1.
func (r *rig) shift() {
	r.Helper()
	for n := 8; n > 0; n-- {
		if _, err := os.Stat(r.path(rotated(n))); err == nil {
			r.rename(rotated(n), rotated(n+1))
		}
	}
	r.rename("app.log", rotated(1))
}

// copy makes a copy of a file as it is now.
func (r *rig) copy(from, to string) {
	r.Helper()
	text, err := os.ReadFile(r.path(from))
	r.must(err)
	r.must(os.WriteFile(r.path(to), text, 0o644))
}

// forget says that some records may be lost: those from number from to before to.
func (r *rig) forget(from, to int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := from; i < to; i++ {
		r.mayMiss[i] = true
	}
}

func bytesLines(text []byte) []string {
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
}
