package tailer

import "bytes"

// beginAtEnd moves the position behind the last newline of the first size bytes. If the line there is so long that
// its beginning is not among the last bytes that a line may have, the rest of it is skipped.
//
// What is passed over counts as consumed for head and mark: the file must be known again by it.
func (f *file) beginAtEnd(size int64) error {
	offset, found, err := afterLastNewline(f.fd, size, int64(f.cut.max))
	if err != nil {
		return err
	}
	if !found {
		offset = size
		f.cut.skipping, f.skipping = true, true
	}
	if err := f.trail.sample(f.fd, offset); err != nil {
		return err
	}
	f.offset = offset
	return nil
}

// afterLastNewline returns the offset behind the last newline of the first size bytes of a file, 0 if there is none in
// all of them, and found false if there is none in the last limit bytes.
func afterLastNewline(fd int, size, limit int64) (offset int64, found bool, err error) {
	buf := make([]byte, 64<<10)
	for end := size; end > 0; {
		if size-end >= limit {
			return 0, false, nil
		}
		begin := max(0, end-int64(len(buf)))
		n, err := readAt(fd, buf[:end-begin], begin)
		if err != nil {
			return 0, false, err
		}
		if i := bytes.LastIndexByte(buf[:n], '\n'); i >= 0 {
			return begin + int64(i) + 1, true, nil
		}
		end = begin
	}
	return 0, true, nil
}
