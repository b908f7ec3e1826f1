package tailer

import (
	"fmt"
	"os"
	"testing"
)

// A scan takes long, and something is waited for that is looked at more often than that: the scan comes all the same.
func TestScanIsNotPutOff(t *testing.T) {
	r := prepareRig(t)
	for n := range 2000 {
		r.must(os.MkdirAll(r.path(fmt.Sprintf("many/%d", n)), 0o755))
	}
	r.append("many/app.log", r.recordsOf(10))
	r.start("many/**/*.log")
	r.awaitAll()
	r.copy("many/app.log", "many/app.log-copy") // whose original may be truncated yet
	r.await("the copy is looked at", r.hasUnjudged)
	r.must(os.MkdirAll(r.path("many/new"), 0o755)) // whose files raise no event before it is watched
	r.append("many/new/a.log", r.recordsOf(3))
	r.finish()
}
