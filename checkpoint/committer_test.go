package checkpoint

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"
)

// deadline bounds every wait; only a failure reaches it.
const deadline = 10 * time.Second

func open(t *testing.T, path string) *Store {
	t.Helper()
	s, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// counter is a count with a committer.
type counter struct {
	mu      sync.Mutex
	n       int
	reports []error
	*Committer[int]
}

func newCounter(s *Store) *counter {
	c := &counter{}
	c.Committer = NewCommitter(s, func() (int, Sections, error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		return c.n, sections(c.n), nil
	}, func(err error) {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.reports = append(c.reports, err)
	})
	return c
}

func (c *counter) set(n int) {
	c.mu.Lock()
	c.n = n
	c.mu.Unlock()
}

func sections(n int) Sections {
	return Sections{"count": json.RawMessage(fmt.Sprint(n)), "other": json.RawMessage(`{"a":"b"}`)}
}

func saved(t *testing.T, s *Store) string {
	t.Helper()
	l, err := s.Load()
	if err != nil {
		t.Fatal(err)
	}
	return string(l.Sections["count"])
}

func TestCommitIsOnDiskWhenItReturns(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "state", "checkpoint.json"))
	c := newCounter(s)
	for n := range 5 {
		c.set(n)
		got, err := c.Commit(deadline)
		if err != nil || got != n || saved(t, s) != fmt.Sprint(n) {
			t.Fatalf("committed %d, %v; on disk %s, want %d", got, err, saved(t, s), n)
		}
	}
	if !s.Trusted() {
		t.Error("what is on disk is not trusted")
	}
}

// stall makes saving stand still until the returned function is called.
func stall(s *Store) (reached chan struct{}, goOn func()) {
	reached, gate := make(chan struct{}, 1), make(chan struct{})
	s.step = func(name string) {
		if name == "sync file" {
			select {
			case reached <- struct{}{}:
			default:
			}
			<-gate
		}
	}
	return reached, sync.OnceFunc(func() { close(gate) })
}

func TestThoseWhoAskDuringACommitShareIt(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "checkpoint.json"))
	c := newCounter(s)
	c.set(1)
	reached, goOn := stall(s)
	results := make(chan int, 3)
	ask := func() {
		n, err := c.Commit(deadline)
		if err != nil {
			t.Error(err)
		}
		results <- n
	}
	go ask()
	<-reached
	c.set(2)
	go ask()
	go ask()
	goOn()
	for range 3 {
		if n := <-results; n != 1 && n != 2 {
			t.Errorf("got %d", n)
		}
	}
	if n, err := c.CommitNow(deadline); n != 2 || err != nil {
		t.Errorf("a commit after that has %d, %v", n, err)
	}
}

func TestHungDiskIsNotWaitedFor(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "checkpoint.json"))
	c := newCounter(s)
	if _, err := c.Commit(deadline); err != nil {
		t.Fatal(err)
	}
	c.set(7)
	reached, goOn := stall(s)
	defer goOn()
	if _, err := c.Commit(0); !errors.Is(err, ErrSlow) {
		t.Fatalf("a commit on a hung disk: %v", err)
	}
	<-reached
	if _, err := c.CommitNow(0); !errors.Is(err, ErrSlow) {
		t.Fatalf("another one: %v", err)
	}
	c.ShowLive(deadline)
	if s.Trusted() {
		t.Error("what is on disk is trusted although more was shown")
	}
	goOn()
	// The commit that hung is overtaken by what was shown; the next one is current again.
	for {
		n, err := c.CommitNow(deadline)
		if err == nil {
			if n != 7 || !s.Trusted() {
				t.Errorf("committed %d, trusted: %v", n, s.Trusted())
			}
			return
		}
		if !Overtaken(err) {
			t.Fatal(err)
		}
	}
}

func TestDiskThatCannotBeWrittenIsReportedAndRecovers(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "state")
	s := open(t, filepath.Join(folder, "checkpoint.json"))
	c := newCounter(s)
	if err := os.Mkdir(s.path+".new", 0o755); err != nil { // where the temporary file should go
		t.Fatal(err)
	}
	if _, err := c.Commit(deadline); err == nil {
		t.Fatal("committed")
	}
	c.ShowLive(deadline)
	if err := os.Remove(s.path + ".new"); err != nil {
		t.Fatal(err)
	}
	c.set(3)
	if n, err := c.Commit(deadline); n != 3 || err != nil || !s.Trusted() {
		t.Errorf("after the repair: %d, %v, trusted: %v", n, err, s.Trusted())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.reports) != 2 || c.reports[0] == nil || c.reports[1] != nil {
		t.Errorf("reported %v", c.reports)
	}
}

func TestWhatIsBehindIsSavedAndNotTrusted(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "checkpoint.json"))
	c := newCounter(s)
	if _, err := c.Commit(deadline); err != nil || !s.Trusted() {
		t.Fatalf("%v, trusted: %v", err, s.Trusted())
	}
	c.Behind()
	c.set(5)
	if n, err := c.Commit(deadline); n != 5 || err != nil || saved(t, s) != "5" || s.Trusted() {
		t.Errorf("behind: committed %d, %v; trusted: %v", n, err, s.Trusted())
	}
	c.CaughtUp()
	if _, err := c.Commit(deadline); err != nil || !s.Trusted() {
		t.Errorf("caught up: %v, trusted: %v", err, s.Trusted())
	}
}

func TestACommitFromBeforeTheEndOfBeingBehindIsNotShared(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "checkpoint.json"))
	c := newCounter(s)
	c.Behind()
	reached, goOn := stall(s)
	behind := make(chan error, 1)
	go func() {
		_, err := c.Commit(deadline)
		behind <- err
	}()
	<-reached
	c.set(7)
	c.CaughtUp()
	result := make(chan int, 1)
	go func() {
		n, err := c.Commit(deadline)
		if err != nil {
			t.Error(err)
		}
		result <- n
	}()
	goOn()
	if n := <-result; n != 7 {
		t.Errorf("got %d, of before", n)
	}
	if err := <-behind; err != nil {
		t.Error(err)
	}
}
