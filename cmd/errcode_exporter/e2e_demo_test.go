package main

import (
	"os"
	"syscall"
	"testing"
)

// TestE2EDemo runs what a newcomer runs first.
func TestE2EDemo(t *testing.T) {
	endToEnd(t)
	x := startExporter(t, nil, "demo", "--demo.lines=200", "--demo.rotate=1s")
	x.until("all families have errors, and the log was rotated", func() bool {
		m := x.metrics(nil)
		for _, family := range []string{"IS", "APIG", "ModelArts"} {
			if m.sum(errorsTotal, "family", family) == 0 {
				return false
			}
		}
		return m.sum("errcode_exporter_rotations_total") >= 1
	})
	if m := x.metrics(nil); m.sum("huaweicloud_api_unlisted_errors_total") != 0 || m.sum("errcode_exporter_lost_bytes_total") != 0 {
		t.Errorf("codes that are not listed: %v; bytes that were lost: %v", m["huaweicloud_api_unlisted_errors_total"], m["errcode_exporter_lost_bytes_total"])
	}
	if left := entries(t, x.cmd.Dir); len(left) != 1 {
		t.Errorf("while the demo runs, there is %v, want its folder", left)
	}
	x.signal(syscall.SIGINT)
	x.exits(exitFine)
	if left := entries(t, x.cmd.Dir); len(left) != 0 {
		t.Errorf("the demo leaves %v behind", left)
	}
}

// entries lists a folder; that of a process is where its temporary files are.
func entries(t *testing.T, dir string) []string {
	t.Helper()
	all, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	names := []string{}
	for _, e := range all {
		names = append(names, e.Name())
	}
	return names
}
