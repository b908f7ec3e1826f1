package tailer

import (
	"errors"
	"os"
	"testing"
	"time"
)

// A program holds the renamed file open and is quiet for so long that the file is over, because the system does not tell whom
// else it is open for: it belongs to somebody else. What the program writes then is delivered all the same.
func TestHoldingWriterAfterDone(t *testing.T) {
	// Only root can make files that are not ours.
	const place = "TAILER_TEST_OTHERS_FILES"
	if os.Getuid() == 0 {
		dir, err := os.MkdirTemp("", "tailer")
		if err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.RemoveAll(dir) }()
		t.Setenv(place, dir)
		for _, path := range []string{dir, dir + "/1", dir + "/2"} {
			if err := errors.Join(os.MkdirAll(path, 0o777), os.Chmod(path, 0o777)); err != nil {
				t.Fatal(err)
			}
		}
		for _, path := range []string{dir + "/1/app.log", dir + "/2/app.log"} {
			if err := errors.Join(os.WriteFile(path, nil, 0o666), os.Chmod(path, 0o666)); err != nil {
				t.Fatal(err)
			}
		}
		asNobody(t)
		return
	}
	others := os.Getenv(place)
	if others == "" {
		t.Skip("needs a file of another user, which only root can make")
	}
	f := func(name, pattern, folder string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			r := prepareRig(t)
			r.dir = others + folder
			held := r.create("app.log")
			if _, known := hasWriter(int(held.Fd())); known {
				t.Fatal("the system tells who has the file open")
			}
			r.start(pattern, func(o *Options) { o.DrainQuiet = 100 * time.Millisecond })
			r.write(held, r.recordsOf(20))
			r.awaitAll()
			r.rename("app.log", "app.log.1")
			r.append("app.log", r.recordsOf(3))
			over := func() {
				t.Helper()
				r.await("it is over", func() bool { return len(r.tailer.Files()) == 1 })
			}
			for range 3 {
				over()
				r.write(held, r.recordsOf(10))
				r.awaitAll()
			}
			over()
			r.must(held.Close())
			r.finish()
			r.checkStates()
		})
	}
	f("the old name does not match", "app.log", "/1")
	f("the old name matches too", "app.log*", "/2")
}
