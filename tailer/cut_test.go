package tailer

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// piece is one line as it must be delivered.
type piece struct {
	offset         int64
	data           string
	tooLong, final bool
}

// plainly cuts text into lines one by one: what blocks must amount to.
func plainly(text []byte, limit int) []piece {
	var all []piece
	at := 0
	for at < len(text) {
		for at < len(text) && text[at] == 0 {
			at++
		}
		if at == len(text) {
			break
		}
		end := bytes.IndexByte(text[at:], '\n')
		switch {
		case end < 0 && len(text)-at < limit:
			all = append(all, piece{int64(at), string(text[at:]), false, true})
			return all
		case end < 0:
			return append(all, piece{int64(at), string(text[at : at+limit]), true, false})
		case end+1 > limit:
			all = append(all, piece{int64(at), string(text[at : at+limit]), true, false})
		default:
			all = append(all, piece{int64(at), string(text[at : at+end+1]), false, false})
		}
		at += end + 1
	}
	return all
}

// linesOf takes a block apart.
func linesOf(b Block) []piece {
	var all []piece
	at := b.Offset
	for line := range bytes.Lines(b.Data) {
		all = append(all, piece{at, string(line), b.TooLong, b.Final})
		at += int64(len(line))
	}
	return all
}

// text draws what logs are made of, and what they should not be.
func text(t *rapid.T, label string) []byte {
	parts := rapid.SliceOfN(rapid.SampledFrom([]string{
		"\n", "\r\n", "\x00", "\x00\x00\x00", "a", "bb\n", "\xff\n", "line\x00with\n",
		string(bytes.Repeat([]byte{'x'}, 200)), string(bytes.Repeat([]byte{'y'}, 700)), string(make([]byte, 900)),
	}), 0, 60).Draw(t, label)
	var all []byte
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}

func compare(t *rapid.T, got, want []piece) {
	for i := range max(len(got), len(want)) {
		if i >= len(got) || i >= len(want) || got[i] != want[i] {
			t.Fatalf("piece %d:\ngot  %.300v\nwant %.300v", i, got[min(i, len(got)):], want[min(i, len(want)):])
		}
	}
}

func TestReadBlocksIsLikePlainLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := text(t, "text")
		limit := rapid.IntRange(minLineBytes, 1000).Draw(t, "limit")
		var r io.Reader = bytes.NewReader(in)
		switch rapid.IntRange(0, 2).Draw(t, "reader") {
		case 1:
			r = iotest.OneByteReader(r)
		case 2:
			r = iotest.DataErrReader(iotest.HalfReader(r))
		}
		var got []piece
		err := ReadBlocks(r, limit, func(b Block) error {
			got = append(got, linesOf(b)...)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		compare(t, got, plainly(in, limit))
	})
}

// The block reader on a file that grows by pieces delivers what it would have found complete.
func TestStepIsLikePlainLines(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		in := text(t, "text")
		limit := rapid.IntRange(minLineBytes, 1000).Draw(t, "limit")
		history := rapid.IntRange(0, len(in)).Draw(t, "history")
		log, err := os.Create(filepath.Join(dir, "log"))
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		tl, err := New(Options{
			Sources:      []Source{{Paths: []string{"x"}}},
			Open:         func(File) Consumer { return nil },
			MaxLineBytes: limit,
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []piece
		f := &file{t: tl, fd: int(log.Fd()), cut: cutter{max: limit}, history: int64(history)}
		f.consumer = blocksTo(func(b Block) {
			if b.History != (b.Offset+int64(len(b.Data)) <= int64(history)) {
				t.Fatalf("block at %d of %d bytes: History is %v", b.Offset, len(b.Data), b.History)
			}
			got = append(got, linesOf(b)...)
		})
		buf := make([]byte, markBytes+limit)
		for rest := in; ; {
			n := min(len(rest), rapid.IntRange(0, 400).Draw(t, "grows"))
			if _, err := log.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
			for atEnd := false; !atEnd; {
				if atEnd, err = f.step(buf, len(rest) == 0); err != nil {
					t.Fatal(err)
				}
			}
			if len(rest) == 0 {
				break
			}
		}
		compare(t, got, plainly(in, limit))
		if f.offset != int64(len(in)) {
			t.Fatalf("ended at %d of %d", f.offset, len(in))
		}
	})
}

// blocksTo is a Consumer that only hands its blocks on.
type blocksTo func(Block)

func (f blocksTo) Consume(b Block)      { f(b) }
func (blocksTo) Idle()                  {}
func (blocksTo) End()                   {}
func (blocksTo) State() ([]byte, error) { return nil, nil }

func TestReadBlocksErrors(t *testing.T) {
	enough, broken := errors.New("enough"), errors.New("broken")
	n := 0
	err := ReadBlocks(bytes.NewReader(make([]byte, 10)), 0, func(Block) error { n++; return enough })
	if err != nil || n != 0 {
		t.Errorf("NULs alone: got %v after %d blocks", err, n)
	}
	err = ReadBlocks(bytes.NewReader([]byte("a\nb\n")), 0, func(Block) error { return enough })
	if !errors.Is(err, enough) {
		t.Errorf("got %v, want the error of the function", err)
	}
	var got []piece
	err = ReadBlocks(io.MultiReader(bytes.NewReader([]byte("a\nb")), iotest.ErrReader(broken)), 0, func(b Block) error {
		got = append(got, linesOf(b)...)
		return nil
	})
	if !errors.Is(err, broken) || len(got) != 1 || got[0].data != "a\n" {
		t.Errorf("got %v after %v", err, got)
	}
}

func BenchmarkReadBlocks(b *testing.B) {
	line := append(bytes.Repeat([]byte("some words of a log line "), 5), '\n')
	in := bytes.Repeat(line, (64<<20)/len(line))
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		if err := ReadBlocks(bytes.NewReader(in), 0, func(Block) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

// The catch-up path over a file in the page cache.
func BenchmarkCatchUp(b *testing.B) {
	path := filepath.Join(b.TempDir(), "log")
	line := append(bytes.Repeat([]byte("some words of a log line "), 5), '\n')
	in := bytes.Repeat(line, (64<<20)/len(line))
	if err := os.WriteFile(path, in, 0o600); err != nil {
		b.Fatal(err)
	}
	tl, err := New(Options{Sources: []Source{{Paths: []string{path}}}, Open: func(File) Consumer { return nil }})
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(in)))
	b.ReportAllocs()
	for b.Loop() {
		fd, _, err := openRegular(path)
		if err != nil {
			b.Fatal(err)
		}
		f := &file{t: tl, fd: fd, cut: cutter{max: tl.opt.MaxLineBytes}, consumer: blocksTo(func(Block) {})}
		if err := f.catchUp(b.Context()); err != nil || f.offset != int64(len(in)) {
			b.Fatal(err, f.offset)
		}
		closeFD(fd)
	}
}
