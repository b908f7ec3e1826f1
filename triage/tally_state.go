package triage

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// countsVersion is the version of Counts that is written.
const countsVersion = 1

// Counts are the counts of one moment as plain data, to be saved with the positions in the files that they belong to. Times are Unix milliseconds.
type Counts struct {
	Version int          `json:"version"`
	Since   int64        `json:"since"` // when counting began
	Codes   []codeCounts `json:"codes"`
}

type codeCounts struct {
	Code   string       `json:"code"`
	Family string       `json:"family"`
	Listed bool         `json:"listed,omitempty"`
	Cells  []cellCounts `json:"cells"`
}

type cellCounts struct {
	Source string `json:"source"`
	Cause  string `json:"cause,omitempty"`
	Total  uint64 `json:"total"`
	First  int64  `json:"first"`
	Last   int64  `json:"last"`
	// Course are the events by minute up to the minute End since 1970, without what is 0 at the front. It is left out if they
	// were more than an hour ago.
	End    int64    `json:"end,omitempty"`
	Course []uint32 `json:"minutes,omitempty"`
}

// Counts returns a copy of the counts as they are. Nothing is counted meanwhile, so it is quick.
func (b *Board) Counts() *Counts {
	b.mu.Lock()
	defer b.mu.Unlock()
	recent := minuteOf(b.Now()) - window
	c := &Counts{Version: countsVersion, Since: b.tally.since.UnixMilli(), Codes: make([]codeCounts, 0, len(b.tally.codes))}
	for name, r := range b.tally.codes {
		cc := codeCounts{Code: name, Family: r.family, Listed: r.listed, Cells: make([]cellCounts, 0, len(r.cells))}
		for p, n := range r.cells {
			saved := cellCounts{Source: p.source, Cause: p.cause, Total: n.total, First: n.first, Last: n.last}
			if n.course != nil {
				saved.End, saved.Course = n.course.list()
				if saved.End <= recent {
					n.course, saved.End, saved.Course = nil, 0, nil // nobody looks at it any more
				}
			}
			cc.Cells = append(cc.Cells, saved)
		}
		c.Codes = append(c.Codes, cc)
	}
	return c
}

// Encode returns the counts in the form that Restore takes: the same bytes for the same counts.
func (c *Counts) Encode() ([]byte, error) {
	slices.SortFunc(c.Codes, func(a, b codeCounts) int { return strings.Compare(a.Code, b.Code) })
	for _, code := range c.Codes {
		slices.SortFunc(code.Cells, func(a, b cellCounts) int {
			return cmp.Or(strings.Compare(a.Source, b.Source), strings.Compare(a.Cause, b.Cause))
		})
	}
	return json.Marshal(c)
}

// Restore puts saved counts in the place of what has been counted. It is called before anything is. Nothing is restored if any part of
// it cannot be right.
func (b *Board) Restore(data []byte) error {
	var saved Counts
	if err := json.Unmarshal(data, &saved); err != nil {
		return fmt.Errorf("triage: saved counts: %w", err)
	}
	t, err := saved.tally()
	if err != nil {
		return fmt.Errorf("triage: saved counts: %w", err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.tally = t
	return nil
}

func (c *Counts) tally() (*tally, error) {
	if c.Version != countsVersion {
		return nil, fmt.Errorf("version %d is not known, only %d is", c.Version, countsVersion)
	}
	t := newTally(time.UnixMilli(c.Since))
	for _, cc := range c.Codes {
		if cc.Code == "" || cc.Family == "" || t.codes[cc.Code] != nil || len(cc.Cells) == 0 {
			return nil, fmt.Errorf("code %q: nothing that is ever saved", cc.Code)
		}
		r := &record{family: cc.Family, listed: cc.Listed, cells: map[place]*cell{}}
		for _, n := range cc.Cells {
			if n.First > n.Last || n.Total == 0 || len(n.Course) > window {
				return nil, errors.New("a count of nothing, or from its end to its beginning, or of more than an hour")
			}
			c := &cell{total: n.Total, first: n.First, last: n.Last}
			if n.Course != nil {
				c.course = &minutes{}
				c.course.restore(n.End, n.Course)
			}
			r.cells[place{n.Source, n.Cause}] = c
		}
		t.codes[cc.Code] = r
		if !cc.Listed && cc.Code != others(cc.Family) {
			t.unlisted[cc.Family]++
		}
	}
	return t, nil
}
