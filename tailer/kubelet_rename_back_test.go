package tailer

import (
	"fmt"
	"os"
	"testing"
)

// The kubelet renames a container's log and renames it back, because the runtime did not open another one. The link to it
// dangles meanwhile, and the runtime goes on writing.
func TestKubeletRenameBack(t *testing.T) {
	t.Parallel()
	const file = "pods/ns_pod_uid/app/0.log"
	r := prepareRig(t)
	r.must(os.Mkdir(r.path("containers"), 0o755))
	r.must(os.MkdirAll(r.path("pods/ns_pod_uid/app"), 0o755))
	r.must(os.Symlink(r.path(file), r.path("containers/pod_ns_app.log")))
	r.start("containers/*.log")
	log := r.create(file)
	for i := range 6 {
		r.write(log, r.recordsOf(10))
		r.awaitAll()
		away := fmt.Sprintf("%s.2026112320250%d", file, i)
		r.rename(file, away)
		r.write(log, r.recordsOf(10))
		if i%2 == 0 {
			r.await("the rename is seen", func() bool { return r.counted("rotation rename") > int64(i)/2 })
		}
		r.rename(away, file)
		r.write(log, r.recordsOf(10))
		r.awaitAll()
		r.await("it has its name again", func() bool {
			p := r.phase("containers/pod_ns_app.log")
			return p != Draining && p != Done
		})
	}
	if got := len(r.generations()); got != 1 {
		t.Errorf("the file was begun %d times", got)
	}
	// And a rotation that succeeds.
	r.rename(file, file+".20261124")
	r.write(log, r.recordsOf(10))
	r.must(log.Close())
	r.append(file, r.recordsOf(10))
	r.finish()
}
