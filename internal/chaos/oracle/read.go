package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// readFolder reads every file below a folder, compressed or not. Links are left out: what they lead to is a file, too.
func (t *truth) readFolder(folder string, cri bool) error {
	return filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() {
			return err
		}
		if err := t.readFile(path, cri); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		return nil
	})
}

func (t *truth) readFile(path string, cri bool) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	var from io.Reader = file
	if strings.HasSuffix(path, ".gz") {
		if from, err = gzip.NewReader(bufio.NewReader(file)); err != nil {
			return err
		}
	}
	t.Files++
	lines := bufio.NewReaderSize(from, 1<<20)
	events, unfinished := map[event]bool{}, map[string][]byte{}
	for {
		line, err := lines.ReadBytes('\n')
		line = bytes.TrimLeft(line, "\x00") // a hole: the file was truncated under a writer that kept its offset
		switch {
		case errors.Is(err, io.EOF):
			if len(line) > 0 {
				t.Torn++
			}
			return nil
		case err != nil:
			return err
		}
		t.Lines++
		text := bytes.TrimSuffix(line, []byte("\n"))
		if cri {
			if text = join(unfinished, text); text == nil {
				continue
			}
		}
		t.record(text, events)
	}
}

// join unwraps a line of a container runtime. It returns the record that is whole with it, nil if none is.
func join(unfinished map[string][]byte, line []byte) []byte {
	fields := strings.SplitN(string(line), " ", 4)
	if len(fields) != 4 {
		return line // the checksum says what is wrong
	}
	stream, tag, text := fields[1], fields[2], fields[3]
	unfinished[stream] = append(unfinished[stream], text...)
	if tag == "P" {
		return nil
	}
	whole := unfinished[stream]
	delete(unfinished, stream)
	return whole
}
