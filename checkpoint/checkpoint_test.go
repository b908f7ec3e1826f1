package checkpoint

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

func TestNothingIsLoadedWhereNothingWasSaved(t *testing.T) {
	l, err := open(t, filepath.Join(t.TempDir(), "checkpoint.json")).Load()
	if err != nil || l.Sections != nil {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.json")
	s := open(t, path)
	if _, err := Open(path); !errors.Is(err, ErrLocked) {
		t.Errorf("%v", err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if again, err := Open(path); err != nil {
		t.Error(err)
	} else if err := again.Close(); err != nil {
		t.Error(err)
	}
}

func TestGarbledCheckpointFallsBackToThePreviousOne(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.json")
	s := open(t, path)
	for n := 1; n <= 2; n++ {
		if err := s.Save(sections(n)); err != nil {
			t.Fatal(err)
		}
	}
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	spoil := func(name string, data []byte) {
		t.Helper()
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := s.Load()
		if err != nil || !l.Previous || l.Reason == nil || string(l.Sections["count"]) != "1" {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
	spoil("cut off", good[:len(good)/2])
	spoil("empty", nil)
	spoil("another value", bytes.Replace(good, []byte(`"count":2`), []byte(`"count":3`), 1))
	spoil("another version", bytes.Replace(good, []byte(`"version":1`), []byte(`"version":9`), 1))
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if l, err := s.Load(); err != nil || !l.Previous {
		t.Errorf("gone: %+v, %v", l, err)
	}
	if err := os.WriteFile(s.previous(), []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(); !errors.Is(err, ErrGarbled) {
		t.Errorf("both: %v", err)
	}
}

func TestUnchangedSectionsAreNotWrittenAgain(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "checkpoint.json"))
	writes := 0
	s.step = func(name string) {
		if name == "rename" {
			writes++
		}
	}
	for _, n := range []int{1, 1, 2, 2, 2} {
		if err := s.Save(sections(n)); err != nil {
			t.Fatal(err)
		}
	}
	if writes != 2 {
		t.Errorf("%d writes, want 2", writes)
	}
}

// A process that dies at any step of saving leaves the old or the new checkpoint, whole.
func TestDeathWhileSaving(t *testing.T) {
	if path := os.Getenv("CHECKPOINT_TO_DIE_OVER"); path != "" {
		s, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		s.step = func(name string) {
			if name == os.Getenv("CHECKPOINT_STEP_TO_DIE_AT") {
				p, _ := os.FindProcess(os.Getpid())
				_ = p.Kill()
				select {}
			}
		}
		t.Fatal("alive after ", s.Save(sections(2)))
	}
	for step, want := range map[string]string{"sync file": "1", "rename": "1", "sync folder": "2"} {
		t.Run(step, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "checkpoint.json")
			s := open(t, path)
			if err := s.Save(sections(1)); err != nil {
				t.Fatal(err)
			}
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			cmd := exec.Command(os.Args[0], "-test.run=^TestDeathWhileSaving$")
			cmd.Env = append(os.Environ(), "CHECKPOINT_TO_DIE_OVER="+path, "CHECKPOINT_STEP_TO_DIE_AT="+step)
			if out, err := cmd.CombinedOutput(); err == nil || cmd.ProcessState.ExitCode() != -1 {
				t.Fatalf("did not die: %v\n%s", err, out)
			}
			l, err := open(t, path).Load()
			if err != nil || l.Previous || string(l.Sections["count"]) != want {
				t.Errorf("%+v, %v; want count %s", l, err, want)
			}
		})
	}
}

func TestFolderThatIsReadOnlyIsNoted(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	folder := t.TempDir()
	s := open(t, filepath.Join(folder, "checkpoint.json"))
	if err := s.Trust(); err != nil || !s.Trusted() {
		t.Fatalf("%v, trusted: %v", err, s.Trusted())
	}
	// A folder in the mark's place cannot be removed while something is in it, as no file can in a read-only one.
	if err := os.Remove(s.trusted()); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Join(s.trusted(), "x"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := s.Distrust(); err != nil {
		t.Fatal(err)
	}
	if s.Trusted() {
		t.Error("still trusted")
	}
	if err := s.Trust(); err != nil || !s.Trusted() {
		t.Errorf("%v, trusted: %v", err, s.Trusted())
	}
}

func BenchmarkSave(b *testing.B) {
	s, err := Open(filepath.Join(b.TempDir(), "checkpoint.json"))
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		sec := sections(i)
		sec["big"] = fmt.Appendf(nil, "%q", bytes.Repeat([]byte("x"), 64<<10))
		if err := s.Save(sec); err != nil {
			b.Fatal(err)
		}
	}
}
