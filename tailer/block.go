package tailer

import "time"

// File says what a Consumer is opened for.
type File struct {
	Source string
	Path   string // the path that matched, links not followed
	ID     ID
	Offset int64 // where reading begins
	// Found is true for a file that the very first scan found.
	Found bool
	// State is what the Consumer returned that read the file until Offset, in a Tailer before this one; nil if there is
	// none.
	State []byte
}

// Block is a run of whole lines of one file, in order.
type Block struct {
	Data    []byte    // valid only during the call; ends with '\n' unless TooLong or Final
	Offset  int64     // of Data[0] in the file
	TooLong bool      // Data is the beginning of one line that was cut at MaxLineBytes; the rest of it is skipped
	Final   bool      // Data is one line without newline at the end of a file that is over
	History bool      // the bytes were in the file when the very first scan found it
	ModTime time.Time // the file's modification time while catching up or draining, zero while following
}

// Consumer takes the blocks of one generation of one file. Calls for one file never overlap, nor does any with a
// cut. It must not call the Tailer.
type Consumer interface {
	// Consume takes the next block. A run of NUL bytes at the beginning of a line (the hole that a program leaves
	// which goes on writing at its old offset after a truncation) is not part of any block.
	Consume(Block)
	// Idle says that every whole line on disk was consumed and nothing has come for a short while: what is pending
	// may be decided. It is called once after a run of blocks.
	Idle()
	// End says that the generation is over: rotated away and drained, or truncated. It is not called when the
	// Tailer stops.
	End()
	// State returns what must travel with the position, opaque to this package.
	State() ([]byte, error)
}
