package main

import (
	"bufio"
	"bytes"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxZstdWindow bounds the memory that a .zst file may ask for.
const maxZstdWindow = 128 << 20

// packing is how a file is packed, known by its first bytes and not by a name.
type packing string

const (
	notPacked packing = ""
	gzipped   packing = "gzip"
	zstandard packing = "zstd"
)

func packingOf(head []byte) packing {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b}):
		return gzipped
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return zstandard
	default:
		return notPacked
	}
}

// decompress undoes gzip and zstd; anything else it hands through.
func decompress(r io.Reader) (io.ReadCloser, error) {
	head := bufio.NewReaderSize(r, 256<<10)
	magic, err := head.Peek(4)
	if err != nil && len(magic) == 0 {
		return io.NopCloser(head), nil // empty, or an error that the reader will see again
	}
	switch packingOf(magic) {
	case gzipped:
		return gzip.NewReader(head)
	case zstandard:
		d, err := zstd.NewReader(head, zstd.WithDecoderMaxWindow(maxZstdWindow))
		if err != nil {
			return nil, err
		}
		return d.IOReadCloser(), nil
	default:
		return io.NopCloser(head), nil
	}
}
