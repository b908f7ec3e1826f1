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

// cutShort ends t also within a line. By itself nxadm/tail looks only between lines whether it is to end, and keeps what it
// has of a line in memory, three times over, however long that gets. A read of a file that was closed ends the line.
//
// There is no public way to that file. Closing it is safe: an *os.File never touches a descriptor that it has given
// back, and nxadm/tail ignores what its own Close returns. If the field is not known, t ends with its line.
//
// A file that t opens while this runs (it does after a truncation) stays open, so this must be repeated until t has ended.
func cutShort(t *tail.Tail) {
	t.Kill(nil)
	if file := readBy(t); file != nil {
		_ = file.Close() // it may be closed already
	}
}

// readBy returns the file that t reads, nil if it has none at the moment or it is not known where that is.
//
// The goroutine of t sets the field without a lock, after a truncation and at its end. The value read here is then the old or
// the new one, since it is a single word; what is closed for nothing is one that is given up anyway, because t was told to end.
//
//go:norace
func readBy(t *tail.Tail) *os.File {
	if !tailFileKnown {
		return nil
	}
	return *(**os.File)(unsafe.Add(unsafe.Pointer(t), tailFile.Offset))
}
