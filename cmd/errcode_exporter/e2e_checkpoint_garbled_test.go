package main

import (
	"bytes"
	"os"
	"testing"
)

// garbled are ways in which a disk hands back something else than was written.
var garbled = map[string]func([]byte) []byte{
	"empty":            func([]byte) []byte { return nil },
	"half":             func(b []byte) []byte { return b[:len(b)/2] },
	"zeros":            func(b []byte) []byte { return make([]byte, len(b)) },
	"a number differs": func(b []byte) []byte { return bytes.Replace(b, []byte(`"total":5`), []byte(`"total":9`), 1) },
}

func garble(t *testing.T, path string, f func([]byte) []byte) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(f(data), data) {
		t.Fatalf("%s is as it was: %s", path, data)
	}
	if err := os.WriteFile(path, f(data), 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestE2ECheckpointGarbled goes on from the checkpoint before the newest, which is garbled. Nothing is shown until the
// lines since then are read again.
func TestE2ECheckpointGarbled(t *testing.T) {
	endToEnd(t)
	for name, how := range garbled {
		t.Run(name, func(t *testing.T) {
			l := newLives(t, t.TempDir())
			l.log.events("IS.4006", 3)
			l.isExact()
			before := l.saved()
			l.log.events("IS.4006", 2)
			l.log.events("IS.9876", 2) // is not listed, and nothing before the newest knows it
			l.isExact()
			l.kill()

			l.previous(before)
			garble(t, l.path, how)
			l.backlog()
			l.begin(t)
			l.isSilentUntilRead()
			l.says(`level=ERROR.*newest checkpoint cannot be used.*` + l.path)
			l.isExact()
			l.isDurable(1)
		})
	}
}

// TestE2ECheckpointGarbledAndKilled kills the program while it reads again what a garbled checkpoint had. The next life must not
// show what the one before has saved meanwhile: it is less than what was shown.
func TestE2ECheckpointGarbledAndKilled(t *testing.T) {
	endToEnd(t)
	l := newLives(t, t.TempDir())
	l.log.events("IS.4006", 3)
	l.isExact()
	before := l.saved()
	l.backlog()
	l.log.events("IS.4006", 2)
	l.isExact()
	l.kill()

	l.previous(before)
	garble(t, l.path, garbled["half"])
	half := l.saved()
	l.begin(t)
	l.until("it has saved", func() bool { return !bytes.Equal(l.saved(), half) })
	l.kill()
	l.begin(t)
	l.isExact()
}

// saved is what the newest checkpoint holds.
func (l *lives) saved() []byte {
	l.Helper()
	data, err := os.ReadFile(l.path)
	l.log.must(err)
	return data
}

// previous puts a checkpoint where the one before the newest is.
func (l *lives) previous(data []byte) {
	l.Helper()
	l.log.must(os.WriteFile(l.path+".previous", data, 0o600))
}

// TestE2ECheckpointGarbledTwice has nothing to go on from. It is said, and the start is a first one.
func TestE2ECheckpointGarbledTwice(t *testing.T) {
	endToEnd(t)
	l := newLives(t, t.TempDir())
	l.log.events("IS.4006", 3)
	l.isExact()
	l.log.events("IS.4006", 2)
	l.isExact()
	l.kill()

	garble(t, l.path, garbled["half"])
	garble(t, l.path+".previous", garbled["empty"])
	l.seen = map[string]float64{}
	l.begin(t)
	m := l.shows()
	l.says(`level=ERROR.*checkpoint cannot be used.*` + l.path)
	if got := m.sum(errorsTotal); got != 0 {
		t.Errorf("%v events are counted, want none: what is there at a first start is passed over", got)
	}
	l.until("/-/ready", func() bool { return l.get("/-/ready", nil).status == 200 })
	l.log.lines, l.log.codes = 0, map[string]int{}
	l.log.events("IS.4006", 4)
	l.isExact()
	l.isDurable(1)
}
