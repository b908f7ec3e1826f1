package tailer

import (
	"bytes"
	"errors"
	"io"
)

// readBytes is how much one read asks for: enough that the call costs nothing beside the copy, little enough that
// the bytes are still in the cache when they are looked at.
const readBytes = 256 << 10

// ReadBlocks reads r to its end and gives f its lines exactly as a Tailer would: whole lines in blocks, a line of more
// than maxLine bytes (newline included, 0 means DefaultMaxLineBytes) cut there, a last line without newline as Final.
// Block.Offset counts the bytes of r. An error of f ends the reading and is returned, as is one of r after what came
// before it was delivered.
func ReadBlocks(r io.Reader, maxLine int, f func(Block) error) error {
	if maxLine == 0 {
		maxLine = DefaultMaxLineBytes
	}
	c := cutter{max: max(maxLine, minLineBytes)}
	var offset int64
	rest, err := segments(r, &c, func(kind segment, data []byte) error {
		at := offset
		offset += int64(len(data))
		if kind == wholeLines || kind == tooLong {
			return f(Block{Data: data, Offset: at, TooLong: kind == tooLong})
		}
		return nil
	})
	if err == nil && len(rest) > 0 {
		return f(Block{Data: rest, Offset: offset, Final: true})
	}
	return err
}

// segments reads r to its end, cuts it with c and gives emit the segments. It returns what is left, a last line without
// newline. An error of emit ends the reading and is returned.
func segments(r io.Reader, c *cutter, emit func(segment, []byte) error) (rest []byte, err error) {
	buf := make([]byte, c.max)
	held, searched := 0, 0 // bytes in buf; how many of them are known to hold no newline
	for {
		n, err := r.Read(buf[held:min(held+readBytes, len(buf))])
		held += n
		if n == 0 && err == nil {
			continue
		}
		if held == c.max || c.skipping || err != nil || bytes.IndexByte(buf[searched:held], '\n') >= 0 {
			var failed error
			used := c.cut(buf[:held], func(kind segment, data []byte) {
				if failed == nil {
					failed = emit(kind, data)
				}
			})
			if failed != nil {
				return nil, failed
			}
			held = copy(buf, buf[used:held])
		}
		searched = held
		switch {
		case errors.Is(err, io.EOF):
			return buf[:held], nil
		case err != nil:
			return nil, err
		}
	}
}
