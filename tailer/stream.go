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
	buf := make([]byte, c.max)
	held, searched := 0, 0 // bytes in buf; how many of them are known to hold no newline
	var offset int64
	for {
		n, err := r.Read(buf[held:min(held+readBytes, len(buf))])
		held += n
		if n == 0 && err == nil {
			continue
		}
		if held == c.max || c.skipping || err != nil || bytes.IndexByte(buf[searched:held], '\n') >= 0 {
			var failed error
			used := c.cut(buf[:held], func(kind segment, data []byte) {
				if failed == nil && (kind == wholeLines || kind == tooLong) {
					failed = f(Block{Data: data, Offset: offset, TooLong: kind == tooLong})
				}
				offset += int64(len(data))
			})
			if failed != nil {
				return failed
			}
			held = copy(buf, buf[used:held])
		}
		searched = held
		switch {
		case errors.Is(err, io.EOF):
			if held == 0 {
				return nil
			}
			return f(Block{Data: buf[:held], Offset: offset, Final: true})
		case err != nil:
			return err
		}
	}
}
