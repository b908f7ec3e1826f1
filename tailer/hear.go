package tailer

import (
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// How long names are heard of without a break, and then left alone: much happens to the same few names in a storm.
	eventsFor   = 2 * time.Millisecond
	eventsPause = 5 * time.Millisecond
	eventsStorm = 25 * time.Millisecond // the pause when eventsFor was not enough to hear all

	// writesPause is how often what was written is heard of, and so the longest that a line waits for others, of all files
	// together; the first that comes after such a pause is heard at once. A wake-up costs more than to read a line: half the
	// pause costs half as much again at 1,000 lines a second in 50 files.
	writesPause = 40 * time.Millisecond
)

// hearing is the supervisor's ear for both queues of events.
type hearing struct {
	pause [2]*time.Timer // after which the queue is read again, or armed
}

func newHearing() *hearing {
	h := &hearing{}
	for q := range h.pause {
		h.pause[q] = time.NewTimer(time.Hour)
		h.pause[q].Stop()
	}
	return h
}

func (h *hearing) stop() {
	for _, t := range h.pause {
		t.Stop()
	}
}

// listen hears what is in a queue and leaves it alone for a while after that. Only when nothing has come in that while the
// kernel is to wake us again.
func (s *supervisor) listen(h *hearing, q queue) {
	some := false
	pause := writesPause
	if q == nameEvents {
		pause = eventsPause
	}
	for until := time.Now().Add(eventsFor); ; some = true {
		more, lost := s.watch.read(q, s.hear)
		s.scanSoon = s.scanSoon || lost
		if !more {
			break
		}
		if q == nameEvents && time.Now().After(until) {
			pause = eventsStorm
			break
		}
	}
	if some {
		h.pause[q].Reset(pause)
		return
	}
	s.watch.arm(q)
}

// hear handles one event.
func (s *supervisor) hear(_ *watchedDir, mask uint32, h *heard) {
	written := mask&unix.IN_MODIFY != 0
	const moved = unix.IN_CREATE | unix.IN_MOVED_TO | unix.IN_MOVED_FROM | unix.IN_DELETE
	if mask&moved != 0 && s.watch.forget(h.path) {
		s.scanSoon = true
	}
	known := false
	for _, path := range h.paths {
		known = s.hearOf(path, written) || known
		for link := range s.links[path] {
			s.hearOf(link, written)
		}
		if mask&(unix.IN_CREATE|unix.IN_MOVED_TO) != 0 {
			if st, err := os.Stat(path); err == nil && st.IsDir() {
				s.scanSoon = true
			}
		}
	}
	if !known || strings.HasSuffix(h.path, packedExt) {
		s.hearBeside(h.path)
	}
}

// hearOf handles an event that is about path, and says whether that was to wake the file of that name.
func (s *supervisor) hearOf(path string, written bool) bool {
	if f := s.former[path]; f != nil {
		s.lookBack(path, f)
	}
	if f := s.owners[path]; written && f != nil && f.running {
		f.poke()
		return true
	}
	if _, failed := s.failing[path]; written && failed {
		return false // its owner may write much; the next scan or a change of its rights will tell
	}
	if set := s.setOf(path); set != nil {
		s.examine(set, path)
	}
	return false
}
