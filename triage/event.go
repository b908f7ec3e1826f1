package triage

import (
	"bytes"
	"hash/crc32"
	"hash/fnv"
	"strings"
	"time"

	"errcode_exporter/catalog"
	"errcode_exporter/redact"
)

// Bounds of what is kept of one event, in bytes.
const (
	maxExcerpt = 512
	maxID      = 128
	// maxBefore is how much text may stand before a code for its excerpt to show more than the code. Masking reads all of it, and
	// takes up to a second for a hostile MiB.
	maxBefore = 64 << 10
)

// Sighting is one log event as it was read: hostile text, of which nothing is kept but what redaction lets through.
type Sighting struct {
	Source   string
	Time     time.Time // when it happened; not in the future
	Findings []catalog.Finding
	// RequestID and TraceID may hold anything, or be empty.
	RequestID, TraceID string
	Text               []byte // the line that names the codes. It is not kept.
	// File and Offset tell where the event began, in any form that is the same after a restart. They let an event that is read again
	// after a crash be known.
	File   string
	Offset int64
}

// Event is one code of one log event, as it is kept and shown: masked, harmless and short.
type Event struct {
	Time      time.Time `json:"time"`
	Code      string    `json:"code"`
	Family    string    `json:"family"`
	Cause     string    `json:"cause,omitempty"` // the words that tell which meaning the code has
	Source    string    `json:"source"`
	RequestID string    `json:"request_id,omitempty"` // at most 128 of [A-Za-z0-9_.:-]
	TraceID   string    `json:"trace_id,omitempty"`   // the same
	Excerpt   string    `json:"excerpt,omitempty"`    // at most 512 bytes of one line; empty if masking it would have taken too long
	Identity  uint64    `json:"identity"`             // of code, place and text: the same when the event is read again
}

// overhead is what an event takes in memory beside its own strings: the struct, its place in the share's slice, its identity
// while it is known from the file.
const overhead = 256

func (e *Event) size() int {
	return overhead + len(e.Code) + len(e.RequestID) + len(e.TraceID) + len(e.Excerpt)
}

// identity of an event. The place alone is not enough: a file that was truncated has the same places again.
func (s *Sighting) identity(code string) uint64 {
	h := fnv.New64a()
	var offset [8]byte
	for i := range offset {
		offset[i] = byte(s.Offset >> (8 * i))
	}
	_, _ = h.Write(offset[:]) // a hash never fails
	_, _ = h.Write([]byte(s.File))
	_, _ = h.Write([]byte{0})
	_, _ = h.Write([]byte(code))
	const enough = 1 << 10
	sum := crc32.Checksum(s.Text[:min(len(s.Text), enough)], crc32.MakeTable(crc32.Castagnoli))
	return h.Sum64() ^ uint64(sum)<<16
}

// plain returns a copy of an ID that may be shown, empty for one that may not: it is too long, has characters that no ID has, or is
// a secret.
func plain(r *redact.Redactor, id string) string {
	if id == "" || len(id) > maxID {
		return ""
	}
	hex := true
	for i := range len(id) {
		switch c := id[i]; {
		case 'a' <= c && c <= 'f', 'A' <= c && c <= 'F', '0' <= c && c <= '9', c == '-':
		case 'g' <= c && c <= 'z', 'G' <= c && c <= 'Z', c == '_', c == '.', c == ':':
			hex = false
		default:
			return ""
		}
	}
	if !hex && r.String(id) != id { // hexadecimal numbers and UUIDs are no secrets
		return ""
	}
	return strings.Clone(id)
}

// excerpt returns the masked surroundings of a code in a line.
func (b *Board) excerpt(line []byte, code string) string {
	at := position(line, code)
	if at > maxBefore {
		return "…" + code + "…"
	}
	return b.redactor.Excerpt(line, at, maxExcerpt)
}

// position returns where a line names a code, and not a longer word that holds its letters; 0 if it is written in escapes.
func position(line []byte, code string) int {
	for from := 0; ; {
		i := bytes.Index(line[from:], []byte(code))
		if i < 0 {
			return max(0, bytes.Index(line, []byte(code)))
		}
		i += from
		from = i + 1
		if i > 0 && (wordByte(line[i-1]) || line[i-1] == '.') {
			continue
		}
		if end := i + len(code); end < len(line) && wordByte(line[end]) {
			continue
		}
		return i
	}
}

func wordByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_'
}
