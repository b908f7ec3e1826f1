package catalog

import (
	"fmt"
	"strconv"
	"strings"
)

// The bounds of what overlays may add, so that the number of series per source has one too.
const (
	MaxFamilies   = 64   // families that overlays add together
	MaxAddedCodes = 2000 // codes that overlays add together
)

// Overlay is what a site says beside the embedded table. Load applies overlays in turn; two of them may not say something of the
// same code.
type Overlay struct {
	// Name is that of the file, for those who ask where something comes from.
	Name     string          `yaml:"-"`
	Families []FamilyOverlay `yaml:"families"`
	Codes    []CodeOverlay   `yaml:"codes"`
}

// FamilyOverlay adds a family of codes. Its codes need not be listed: those that are not count under their own names, in the
// category open_ticket.
type FamilyOverlay struct {
	Name     string   `yaml:"name"`     // the family label
	Title    string   `yaml:"title"`    // the service's name; Name if empty
	Prefixes []string `yaml:"prefixes"` // what stands before the dot; Name alone if empty
	Digits   Digits   `yaml:"digits"`   // what stands behind it
	Samples  []Sample `yaml:"samples"`
}

// CodeOverlay changes a code of the table, or adds one. What is empty stays as it is.
type CodeOverlay struct {
	Code      string   `yaml:"code"`
	Category  string   `yaml:"category"`
	Actor     string   `yaml:"actor"` // the category's if empty
	Severity  Severity `yaml:"severity"`
	Retryable *bool    `yaml:"retryable"`
	Runbook   string   `yaml:"runbook"` // URL
	Reason    string   `yaml:"reason"`
	Mute      bool     `yaml:"mute"` // the code is not counted at all

	// The rest of the published table is its own words. These are for codes that an overlay adds.
	Status      int            `yaml:"status"` // HTTP status; 0 if it is not known
	Message     string         `yaml:"message"`
	Description string         `yaml:"description"`
	Solution    string         `yaml:"solution"`
	Causes      []CauseOverlay `yaml:"causes"`

	// Texts stand beside the English ones, by language tag, such as "zh".
	Texts   map[string]Text `yaml:"texts"`
	Samples []Sample        `yaml:"samples"`
}

// CauseOverlay is one of several meanings of an added code. What is empty is as for the code.
type CauseOverlay struct {
	Words     string   `yaml:"words"`
	Message   string   `yaml:"message"`
	Solution  string   `yaml:"solution"`
	Category  string   `yaml:"category"`
	Retryable *bool    `yaml:"retryable"`
	Severity  Severity `yaml:"severity"`
}

// Text is what a code says in another language. At least one field is set.
type Text struct {
	Message     string `yaml:"message" json:"message,omitempty"`
	Description string `yaml:"description" json:"description,omitempty"`
	Solution    string `yaml:"solution" json:"solution,omitempty"`
}

// Sample is a piece of a log and the codes that it has to name: a test of the entry that it stands in. Whoever loads overlays
// runs them, since that needs what finds codes in logs.
type Sample struct {
	Line  string   `yaml:"line,text"` // or several lines
	Codes []string `yaml:"codes"`     // in any order; for a code's sample its own if nothing is said
	Match string   `yaml:"match"`     // anywhere if empty, or fields
}

// Digits says how many digits a code has.
type Digits struct{ Min, Max int }

// The bounds of a family's digits. Fewer than four would make numbers such as "v1.2" look like codes.
const (
	minDigits = 4
	maxDigits = 12
)

// UnmarshalText reads "4", or "4-8" for a range.
func (d *Digits) UnmarshalText(text []byte) error {
	least, most, ranged := strings.Cut(string(text), "-")
	if !ranged {
		most = least
	}
	var err error
	if d.Min, err = strconv.Atoi(strings.TrimSpace(least)); err == nil {
		d.Max, err = strconv.Atoi(strings.TrimSpace(most))
	}
	switch {
	case err != nil:
		return fmt.Errorf("digits %q: write how many there are, such as 4, or from 4-8", text)
	case d.Min < minDigits || d.Max > maxDigits:
		return fmt.Errorf("digits %s: %d to %d are possible", text, minDigits, maxDigits)
	case d.Max < d.Min:
		return fmt.Errorf("digits %s: write the smaller number first, %d-%d", text, d.Max, d.Min)
	}
	return nil
}

// String returns what UnmarshalText reads.
func (d Digits) String() string {
	if d.Min == d.Max {
		return strconv.Itoa(d.Min)
	}
	return fmt.Sprintf("%d-%d", d.Min, d.Max)
}

// Problem is something that is wrong with an overlay, and what to do about it.
type Problem struct {
	Overlay int    // which of those that were given to Load
	Path    string // where in it, such as codes[3].severity
	Text    string
}

// Problems are all that is wrong with overlays; Load returns them as one error.
type Problems []Problem

// Error has a line for each.
func (p Problems) Error() string {
	var all []string
	for _, one := range p {
		all = append(all, one.Path+": "+one.Text)
	}
	return strings.Join(all, "\n")
}
