package chaos

import (
	"os"
	"path/filepath"
	"testing"
)

// TestFolderGone removes the folder of a log under load, and makes it again; a file has its name meanwhile, or nothing.
func TestFolderGone(t *testing.T) {
	t.Parallel()
	f := func(name string, meanwhile func(s *scene, folder string)) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := bareScene(t)
			folder := filepath.Join(s.folder, "app")
			s.must(os.Mkdir(folder, 0o755))
			s.log = filepath.Join(folder, "app.log")
			s.touch(s.log)
			s.x = serveFiles(t, []string{s.log})
			w := s.write("-rate=1000", "-create=false") // else it would make the log again while the folder is being removed
			for range 3 {
				before := s.x.counted().Lines
				s.x.until("it reads", func() bool { return s.x.counted().Lines > before+100 })
				s.must(os.RemoveAll(folder))
				meanwhile(s, folder)
				s.must(os.Mkdir(folder, 0o755))
				s.touch(s.log)
			}
			before := s.x.counted().Lines
			s.x.until("it reads on", func() bool { return s.x.counted().Lines > before+100 })
			w.stop().hasWritten()
			s.isComplete()
		})
	}
	f("nothing there", func(s *scene, _ string) {
		lines := s.x.counted().Lines
		s.x.until("it reads what has no name", func() bool { return s.x.counted().Lines > lines+100 })
	})
	f("a file there", func(s *scene, folder string) {
		s.touch(folder)
		lines := s.x.counted().Lines
		s.x.until("it reads what has no name", func() bool { return s.x.counted().Lines > lines+100 })
		s.must(os.Remove(folder))
	})
}
