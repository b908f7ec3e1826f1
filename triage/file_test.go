package triage

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func (r *rig) saved() string {
	r.Helper()
	path := filepath.Join(r.TempDir(), "checkpoint.json.recent")
	if err := r.Save(path); err != nil {
		r.Fatal(err)
	}
	return path
}

// all are the kept events, the newest first.
func (r *rig) all() []Event { return r.ring.newest(func(*Event) bool { return true }) }

func TestRecentEventsSurviveARestart(t *testing.T) {
	r := newRig(t, Limits{})
	for _, code := range []string{"IS.0021", "IS.4006", "IS.0021", "IS.9999"} {
		r.occurs(code, "search")
		r.pass(time.Second)
	}
	path := r.saved()
	again := newRig(t, Limits{})
	if err := again.Load(path); err != nil {
		t.Fatal(err)
	}
	if got, want := again.all(), r.all(); len(want) != 4 || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v is left of %+v", got, want)
	}
	// After a crash, the last lines are read again.
	again.lines = 2
	again.occurs("IS.0021", "search")
	again.occurs("IS.9999", "search")
	if n := len(again.all()); n != 4 || again.dropped[DroppedEvents] != 0 {
		t.Errorf("what is read again is there twice: %d events", n)
	}
	again.occurs("IS.9999", "search")
	if n := len(again.all()); n != 5 {
		t.Errorf("what is new is not kept: %d events", n)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others may read the file: %v %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(path + ".*"); left != nil {
		t.Errorf("left behind: %v", left)
	}
}

func TestRecentEventsAreSavedWhenTheyChange(t *testing.T) {
	r := newRig(t, Limits{})
	r.occurs("IS.0021", "search")
	path := r.saved()
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if err := r.Save(path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("what has not changed is written again")
	}
	r.occurs("IS.0021", "search")
	if err := r.Save(path); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path); err != nil {
		t.Error(err)
	}
	if err := r.Save(filepath.Join(path, "no", "folder")); err != nil {
		t.Error("what has not changed is written again")
	}
	r.occurs("IS.0021", "search")
	if err := r.Save(filepath.Join(path, "no", "folder")); err == nil {
		t.Error("a folder that is none is written to")
	}
	if err := r.Save(path); err != nil || r.Load(path) != nil {
		t.Error("after a failure nothing is saved any more")
	}
}

func TestGarbledFileMeansNoRecentEvents(t *testing.T) {
	r := newRig(t, Limits{})
	r.occurs("IS.0021", "search")
	path := r.saved()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		again := newRig(t, Limits{})
		if err := again.Load(path); !errors.Is(err, ErrGarbled) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: the error is %v", name, err)
		}
		if n := len(again.all()); n != 0 {
			t.Errorf("%s: %d events", name, n)
		}
		again.occurs("IS.0021", "search")
		if len(again.all()) != 1 {
			t.Errorf("%s: nothing is kept any more", name)
		}
	}
	f("empty", "")
	f("half", string(whole[:len(whole)/2]))
	f("one letter", strings.Replace(string(whole), "search failed", "search fails!", 1))
	f("another version", strings.Replace(string(whole), `"version":1`, `"version":2`, 1))
	f("no JSON", "\x00\x00\x00\x00")

	none := newRig(t, Limits{})
	if err := none.Load(filepath.Join(t.TempDir(), "none")); err != nil {
		t.Errorf("no file: %v", err)
	}
}

// TestWhatIsLoadedIsMaskedAgain has a file that a version with worse rules wrote.
func TestWhatIsLoadedIsMaskedAgain(t *testing.T) {
	r := newRig(t, Limits{})
	r.occurs("IS.0021", "search")
	e := r.ring.shares["IS.0021"].queues["search"].events[0]
	e.Excerpt, e.RequestID = "IS.0021 password=hunter2hunter2 "+strings.Repeat("sk=a1 ", 80), "evil\nid"
	path := r.saved()
	again := newRig(t, Limits{})
	if err := again.Load(path); err != nil {
		t.Fatal(err)
	}
	loaded := again.events("IS.0021")[0]
	if strings.Contains(loaded.Excerpt, "hunter2") || loaded.RequestID != "" || len(loaded.Excerpt) > maxExcerpt || !strings.Contains(loaded.Excerpt, "IS.0021") {
		t.Errorf("loaded as it was: %+v", loaded)
	}
}

func TestCountsSurviveARestart(t *testing.T) {
	r := newRig(t, Limits{})
	for i := range 100 {
		r.occurs("IS.0021", []string{"search", "worker"}[i%2])
		if i%10 == 0 {
			r.occurs("ModelArts.99999999", "worker")
		}
		r.pass(time.Minute)
	}
	saved, err := r.Counts().Encode()
	if err != nil {
		t.Fatal(err)
	}
	again := newRig(t, Limits{})
	if err := again.Restore(saved); err != nil {
		t.Fatal(err)
	}
	if second, err := again.Counts().Encode(); err != nil || string(second) != string(saved) {
		t.Errorf("%s became %s, %v", saved, second, err)
	}
	worker := place{source: "worker"}
	if *again.tally.codes["IS.0021"].cells[worker].course != *r.tally.codes["IS.0021"].cells[worker].course {
		t.Error("the course is another one")
	}
	if again.tally.unlisted["ModelArts"] != 1 {
		t.Errorf("unlisted names: %v", again.tally.unlisted)
	}
	for _, bad := range []string{"", "{}", `{"version":2}`, strings.Replace(string(saved), `"total":`, `"total":0,"x":`, 1), strings.Replace(string(saved), `"family":"IS"`, `"family":""`, 1)} {
		if err := newRig(t, Limits{}).Restore([]byte(bad)); err == nil {
			t.Errorf("%.60q is restored", bad)
		}
	}
}

func TestMinutes(t *testing.T) {
	var m minutes
	sum := func(now time.Time) (n uint32) {
		for _, c := range m.last(now) {
			n += c
		}
		return n
	}
	f := func(at time.Duration, now time.Duration, want uint32) {
		t.Helper()
		m.add(noon.Add(at))
		if got := sum(noon.Add(now)); got != want {
			t.Errorf("%d in the hour up to %v, want %d", got, now, want)
		}
	}
	f(0, 0, 1)
	f(59*time.Minute, 59*time.Minute, 2)
	f(60*time.Minute, 60*time.Minute, 2) // the first is an hour old
	f(30*time.Minute, 60*time.Minute, 3) // late
	f(-time.Hour, 60*time.Minute, 3)     // too late
	f(60*time.Minute, 119*time.Minute, 2)
	f(60*time.Minute, 121*time.Minute, 0)
	f(1000*time.Hour, 1000*time.Hour, 1)
	if last := m.last(noon.Add(1000 * time.Hour)); last[window-1] != 1 {
		t.Errorf("the newest minute is not the last: %v", last)
	}
}
