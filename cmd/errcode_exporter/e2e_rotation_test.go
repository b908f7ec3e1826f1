package main

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestE2ERotation does to a log what rotation does to logs, and to paths what deployments do to paths. What was on disk
// is counted once.
func TestE2ERotation(t *testing.T) {
	endToEnd(t)
	const code = "IS.4006"
	f := func(title string, renames, truncations float64, scenario func(x *exporter, log *appLog)) {
		t.Helper()
		t.Run(title, func(t *testing.T) {
			log := newAppLog(t)
			log.create()
			x := serve(t, log.path)
			log.events(code, 20)
			x.isCounted(log)
			scenario(x, log)
			x.isCounted(log)
			m := x.metrics(nil)
			if got := m.sum("errcode_exporter_rotations_total", "kind", "rename"); got != renames {
				t.Errorf("%v renames were noticed, want %v", got, renames)
			}
			if got := m.sum("errcode_exporter_rotations_total", "kind", "truncate"); got != truncations {
				t.Errorf("%v truncations were noticed, want %v", got, truncations)
			}
			if lost := m.sum("errcode_exporter_lost_bytes_total"); lost != 0 {
				t.Errorf("%v bytes were lost", lost)
			}
		})
	}

	f("rename and create", 3, 0, func(x *exporter, log *appLog) {
		for i := range 3 {
			log.events(code, 10)
			log.moveAway(fmt.Sprintf(".%d", i+1))
			log.events(code, 10)
			log.create()
			x.isCounted(log)
		}
	})
	f("rename and create while the exporter sleeps", 1, 0, func(x *exporter, log *appLog) {
		x.asleep(func() {
			log.events(code, 500)
			log.moveAway(".1")
			log.events(code, 500)
			log.create()
			log.events(code, 500)
		})
	})
	f("rename, and the writer notices late", 1, 0, func(x *exporter, log *appLog) {
		log.moveAway(".1")
		for range 3 {
			log.events(code, 10)
			x.isCounted(log)
		}
		log.create()
	})
	f("delete and recreate", 2, 0, func(x *exporter, log *appLog) {
		for range 2 {
			log.events(code, 10)
			log.remove()
			log.events(code, 10) // into a file without a name
			log.create()
			x.isCounted(log)
		}
	})
	f("truncate to zero", 0, 3, func(x *exporter, log *appLog) {
		for i := range 3 {
			log.truncate()
			log.events(code, 5+i)
			x.isCounted(log)
		}
	})
	f("truncate and grow further while the exporter sleeps", 0, 1, func(x *exporter, log *appLog) {
		x.asleep(func() {
			log.truncate()
			log.events(code, 500)
		})
	})
	f("copy and truncate", 0, 1, func(x *exporter, log *appLog) {
		copied, err := os.ReadFile(log.path)
		log.must(err)
		log.must(os.WriteFile(log.path+".1", copied, 0o600))
		log.truncate()
		log.events(code, 3)
	})
	f("lines that come in parts", 0, 0, func(x *exporter, log *appLog) {
		for _, part := range []string{"2026-11-23 20:49:58.123 ERROR I", "S.40", "06", "7 and ", "IS.4006"} {
			log.write(part)
			size := x.lag() // of what is unfinished
			x.until("the part was seen", func() bool { return x.lag() >= size && x.lag() > 0 })
		}
		if got := x.counted(code); got != float64(log.codes[code]) {
			x.Errorf("%v events are counted before the line is over, want %d", got, log.codes[code])
		}
		log.write("\n")
		log.codes[code]++
	})
	f("a line that is cut by rotation", 1, 0, func(x *exporter, log *appLog) {
		log.write("2026-11-23 20:49:58.123 ERROR IS.40")
		log.moveAway(".1")
		log.write("06 failed\n")
		log.codes[code]++
		log.create()
	})
	f("a last line without newline", 1, 0, func(x *exporter, log *appLog) {
		log.write("2026-11-23 20:49:58.123 ERROR IS.4006")
		log.codes[code]++
		log.lines++
		log.moveAway(".1")
		log.create() // closes the old one: the line will not go on
	})
	f("a folder in its place", 1, 0, func(x *exporter, log *appLog) {
		log.remove()
		log.must(os.Mkdir(log.path, 0o755))
		log.events(code, 5) // into the file without a name
		x.until("the file is missed", func() bool {
			return x.metrics(nil).sum("errcode_exporter_rotations_total", "kind", "rename") == 1
		})
		log.must(os.Remove(log.path))
		log.create()
	})
	f("its folder goes and comes", 1, 0, func(x *exporter, log *appLog) {
		dir := filepath.Dir(log.path)
		log.must(os.Rename(dir, dir+".old"))
		log.events(code, 5)
		log.must(os.Mkdir(dir, 0o755))
		log.create()
	})
}

// lag is how many bytes are on disk and not read.
func (x *exporter) lag() float64 {
	x.Helper()
	return x.metrics(nil).sum("errcode_exporter_source_lag_bytes")
}

// TestE2EFileAppearsLater starts the program on paths where nothing is, or something that is not a file.
func TestE2EFileAppearsLater(t *testing.T) {
	endToEnd(t)
	f := func(title, path string, before, between func(dir string) error) {
		t.Helper()
		t.Run(title, func(t *testing.T) {
			log := newAppLog(t)
			dir := filepath.Dir(log.path)
			log.must(before(dir))
			x := serve(t, filepath.Join(dir, path))
			log.must(between(dir))
			log.path = filepath.Join(dir, "logs", "app.log")
			log.create()
			log.events("IS.4006", 20)
			x.isCounted(log)
			if files := x.metrics(nil).sum("errcode_exporter_source_files"); files != 1 {
				t.Errorf("%v files are read, want 1", files)
			}
		})
	}
	nothing := func(string) error { return nil }
	folder := func(dir string) error { return os.Mkdir(filepath.Join(dir, "logs"), 0o755) }
	f("a file", "logs/app.log", folder, nothing)
	f("a folder", "logs/app.log", nothing, folder)
	f("a glob", "logs/*.log", folder, nothing)
	f("a glob over folders", "**/*.log", nothing, folder)
	f("a folder that was in its place", "logs/app.log",
		func(dir string) error { return os.MkdirAll(filepath.Join(dir, "logs", "app.log"), 0o755) },
		func(dir string) error { return os.Remove(filepath.Join(dir, "logs", "app.log")) })
}

// TestE2EGlobOverRotatedFiles names the rotated files too, and rotates faster than anybody looks: none is missed, and
// none is read again under its next name.
func TestE2EGlobOverRotatedFiles(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	log.create()
	x := serve(t, log.path+"*")
	const rotations = 30
	for i := range rotations {
		log.events("IS.4006", 3)
		for n := i; n > 0; n-- {
			log.must(os.Rename(fmt.Sprintf("%s.%d", log.path, n), fmt.Sprintf("%s.%d", log.path, n+1)))
		}
		log.moveAway(".1")
		log.create()
	}
	x.isCounted(log)
}

// TestE2EStartsAtTheEnd starts the program on a file that is not empty: what is there is not counted, what comes is.
func TestE2EStartsAtTheEnd(t *testing.T) {
	endToEnd(t)
	log := newAppLog(t)
	log.create()
	log.events("IS.4006", 100)
	log.codes, log.lines = map[string]int{}, 0
	x := serve(t, log.path)
	log.events("IS.4006", 3)
	x.isCounted(log)
}
