package main

import (
	"context"
	"io"
)

// ahead reads in a goroutine of its own, one buffer ahead. So what is packed is unpacked while what came before is searched, and whoever
// waits for input that does not come can be interrupted.
type ahead struct {
	ctx     context.Context
	full    chan piece
	free    chan []byte
	current piece
	read    int // of the current one
}

// piece is what one read brought.
type piece struct {
	buf  []byte
	data []byte // of buf
	err  error
}

// newAhead begins to read. It ends reading and closes text at its end, at an error, or when ctx is done and a read returns.
func newAhead(ctx context.Context, text io.ReadCloser) *ahead {
	const buffers = 2
	a := &ahead{ctx: ctx, full: make(chan piece, buffers), free: make(chan []byte, buffers)}
	for range buffers {
		a.free <- nil
	}
	go func() {
		defer text.Close() // nothing was written to it
		for {
			var p piece
			select {
			case p.buf = <-a.free:
			case <-ctx.Done():
				return
			}
			if p.buf == nil {
				p.buf = make([]byte, alignBytes)
			}
			n := 0
			n, p.err = text.Read(p.buf)
			p.data = p.buf[:n]
			a.full <- p // there is room for as many as there are buffers
			if p.err != nil {
				return
			}
		}
	}()
	return a
}

func (a *ahead) Read(p []byte) (int, error) {
	for a.read == len(a.current.data) {
		if a.current.err != nil {
			return 0, a.current.err
		}
		if a.current.buf != nil {
			a.free <- a.current.buf
			a.current, a.read = piece{}, 0
		}
		select {
		case a.current = <-a.full:
			a.read = 0
		case <-a.ctx.Done():
			return 0, a.ctx.Err()
		}
	}
	n := copy(p, a.current.data[a.read:])
	a.read += n
	return n, nil
}
