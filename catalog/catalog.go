// Package catalog says what each Huawei Cloud error code means and who must do what about it.
//
// The table is embedded: the 141 codes that Huawei publishes for Image Search, API Gateway and ModelArts, each with a
// remediation category, a severity and whether sending the same request again can help. Look-ups touch no file.
package catalog

// Category is an order to somebody: what kind of action ends the error.
type Category struct {
	Name   string `json:"name"`   // label value, such as "restore_account"
	Actor  string `json:"actor"`  // who must act, such as "account owner"
	Action string `json:"action"` // what they do, as a sentence
}

// Severity says how urgent a code is.
type Severity string

// The severities, most urgent first.
const (
	Critical Severity = "critical"
	Warning  Severity = "warning"
	Info     Severity = "info"
)

// Rank orders severities: 0 is the most urgent. A severity that is none of the three ranks last.
func (s Severity) Rank() int {
	switch s {
	case Critical:
		return 0
	case Warning:
		return 1
	case Info:
		return 2
	default:
		return 3
	}
}

// Code is one error code and all that is known about it. A Code is shared: nobody may change it.
type Code struct {
	Name        string   `json:"code"`   // as logs spell it, such as "IS.4006"
	Family      string   `json:"family"` // such as "IS"; "APIG" for APIGW codes too
	Status      int      `json:"status"` // HTTP status: 400 for all of the published table, 0 if it is not known
	Message     string   `json:"message"`
	Description string   `json:"description"`
	Solution    string   `json:"solution"` // paragraphs are separated by a blank line, as in Message and Description
	Category    string   `json:"category"`
	Actor       string   `json:"actor"`
	Retryable   bool     `json:"retryable"` // whether the same request, sent again later, can succeed
	Severity    Severity `json:"severity"`
	Reason      string   `json:"reason"` // why it has this category
	// InferredFrom names the code whose texts and category this one borrows because it has the same number; empty for
	// a code of the published table.
	InferredFrom string  `json:"inferred_from,omitempty"`
	Causes       []Cause `json:"causes,omitempty"`

	// What a site overlay says of it.
	Overlay string          `json:"overlay,omitempty"` // the overlay that changed or added it
	Added   bool            `json:"added,omitempty"`   // the published table does not have it
	Muted   bool            `json:"muted,omitempty"`   // it is not counted
	Runbook string          `json:"runbook,omitempty"` // link
	Texts   map[string]Text `json:"texts,omitempty"`   // in other languages, by language tag
}

// Cause is one of several meanings of a code, told apart by words of the message.
type Cause struct {
	Words    string `json:"words"`   // lower case; looked for in any case
	Message  string `json:"message"` // the code's own where the cause has none
	Solution string `json:"solution"`
	Category string `json:"category"` // the code's own where the cause does not differ
	Actor    string `json:"actor"`
	// Retryable and Severity are the code's own where the cause does not differ.
	Retryable bool     `json:"retryable"`
	Severity  Severity `json:"severity"`
}

// Spelling is one way in which the codes of a family are written: the prefix, a dot, and so many digits.
type Spelling struct {
	Prefix    string `json:"prefix"`
	MinDigits int    `json:"min_digits"`
	MaxDigits int    `json:"max_digits"`
}

// Family is the set of codes of one service.
type Family struct {
	Name      string     `json:"name"`  // label value
	Title     string     `json:"title"` // the service's name
	Spellings []Spelling `json:"spellings"`
}

// Finding is one code as one log event named it: what the extractor hands to whoever counts.
type Finding struct {
	Name   string // the spelling in the log
	Family string
	Code   *Code  // nil for a code that the catalog does not list
	Cause  *Cause // nil where the code has none or the event does not tell
}

// Listed reports whether the catalog knows the code.
func (f Finding) Listed() bool { return f.Code != nil }

// Others says what applies to every code that the published table does not list.
type Others struct {
	Solution  string   `json:"solution"`
	Category  string   `json:"category"`
	Actor     string   `json:"actor"`
	Severity  Severity `json:"severity"`
	Retryable bool     `json:"retryable"`
	Reason    string   `json:"reason"`
}

// Catalog is a loaded and checked table. It is safe for concurrent use.
type Catalog struct {
	codes      []*Code
	muted      []*Code
	byName     map[string]*Code
	families   []Family
	categories []Category
	others     Others
}

// Lookup returns the code with exactly this spelling, also one that is muted.
func (c *Catalog) Lookup(name string) (*Code, bool) {
	code, ok := c.byName[name]
	return code, ok
}

// LookupBytes is Lookup without an allocation.
func (c *Catalog) LookupBytes(name []byte) (*Code, bool) {
	code, ok := c.byName[string(name)]
	return code, ok
}

// Codes returns every code that is counted: the published ones in the order of the table, then the inferred ones, then those that
// overlays add. The slice is shared.
func (c *Catalog) Codes() []*Code { return c.codes }

// Muted returns the codes that are not counted because an overlay says so. The slice is shared.
func (c *Catalog) Muted() []*Code { return c.muted }

// Families returns the families in the order in which they first occur in the table, then those that overlays add. The slice is shared.
func (c *Catalog) Families() []Family { return c.families }

// Categories returns the remediation categories, the ones that stop everything first. The slice is shared.
func (c *Catalog) Categories() []Category { return c.categories }

// Category returns the category with this name.
func (c *Catalog) Category(name string) (Category, bool) {
	for _, cat := range c.categories {
		if cat.Name == name {
			return cat, true
		}
	}
	return Category{}, false
}

// Others returns what applies to every code that is not listed.
func (c *Catalog) Others() Others { return c.others }

// Meaning is what a finding comes to once its cause is taken into account.
type Meaning struct {
	Category  string
	Actor     string
	Severity  Severity
	Retryable bool
	Solution  string
	Message   string // empty for a code that is not listed
}

// Meaning resolves a finding: the cause's words win over the code's, and what is not listed is for a ticket.
func (c *Catalog) Meaning(f Finding) Meaning {
	switch {
	case f.Code == nil:
		o := c.others
		return Meaning{o.Category, o.Actor, o.Severity, o.Retryable, o.Solution, ""}
	case f.Cause != nil:
		a := f.Cause
		return Meaning{a.Category, a.Actor, a.Severity, a.Retryable, a.Solution, a.Message}
	default:
		d := f.Code
		return Meaning{d.Category, d.Actor, d.Severity, d.Retryable, d.Solution, d.Message}
	}
}

// Meanings returns every distinct meaning by category that a code can have: its own first, then those of causes that
// differ in category.
func (c *Catalog) Meanings(code *Code) []Meaning {
	all := []Meaning{c.Meaning(Finding{Code: code})}
next:
	for i := range code.Causes {
		m := c.Meaning(Finding{Code: code, Cause: &code.Causes[i]})
		for _, have := range all {
			if have.Category == m.Category {
				continue next
			}
		}
		all = append(all, m)
	}
	return all
}
