package tailer

import (
	"os"
	"reflect"
	"unsafe"

	"github.com/nxadm/tail"
)

// tailFile is where nxadm/tail keeps the file that it reads: known is false if that is not what it is in the version that is
// pinned (v1.4.11, the last one).
var tailFile, tailFileKnown = func() (reflect.StructField, bool) {
	field, ok := reflect.TypeFor[tail.Tail]().FieldByName("file")
	return field, ok && field.Type == reflect.TypeFor[*os.File]()
}()

// follower is nxadm/tail at work on a file.
type follower struct {
	*tail.Tail
	file *os.File // that it opened first; nil if it is not known where that is
}

// newFollower takes a Tail that was just made with MustExist: TailFile has opened the file before it returned.
func newFollower(t *tail.Tail) *follower { return &follower{t, readBy(t)} }

// cutShort ends the Tail also within a line. By itself nxadm/tail looks only between lines whether it is to end, and keeps what
// it has of a line in memory, three times over, however long that gets. A read of a file that was closed ends the line.
//
// There is no public way to that file. Closing it is safe: an *os.File never touches a descriptor that it has given
// back, and nxadm/tail ignores what its own Close returns. If the field is not known, the Tail ends with its line, and so it
// does if it has opened the file anew, after a truncation: it is given up then in any case.
func (f *follower) cutShort() {
	f.Kill(nil)
	if f.file != nil {
		_ = f.file.Close() // it may be closed already
	}
}

// readBy returns the file that t reads, nil if it is not known where that is.
//
// The goroutine of t sets the field again without a lock, but not before it has noticed a truncation, a polling interval after
// its start.
//
//go:norace
func readBy(t *tail.Tail) *os.File {
	if !tailFileKnown {
		return nil
	}
	return *(**os.File)(unsafe.Add(unsafe.Pointer(t), tailFile.Offset))
}
