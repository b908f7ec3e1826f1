package config

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// Load reads and checks a configuration file. An error says everything that is wrong with it, one place after another.
func Load(path string) (*Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return Parse(path, data)
}

// Parse checks a configuration that has been read; name is what errors call it.
func Parse(name string, data []byte) (*Config, error) {
	doc := document{name: name, lines: strings.Split(string(data), "\n")}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		return nil, doc.place(err)
	}
	if len(file.Docs) > 1 {
		return nil, doc.at(file.Docs[1].Start.Position.Line, 1, "a second document begins here; a configuration is one document")
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil || file.Docs[0].Body.Type() == ast.CommentType {
		return Default(), nil
	}
	doc.file = file
	c := &Config{}
	dec := yaml.NewDecoder(bytes.NewReader(data), yaml.Strict())
	if err := dec.Decode(c); err != nil {
		return nil, doc.place(err)
	}
	c.fill()
	if err := doc.check(c); err != nil {
		return nil, err
	}
	return c, nil
}

// document draws errors at their place in a file.
type document struct {
	name  string
	lines []string
	file  *ast.File
}

// place gives an error of the YAML library the form of ours.
func (d *document) place(err error) error {
	var located yaml.Error
	if !errors.As(err, &located) || located.GetToken() == nil {
		return fmt.Errorf("%s: %w", d.name, err)
	}
	p := located.GetToken().Position
	message := located.GetMessage()
	var unknown *yaml.UnknownFieldError
	var mismatch *yaml.TypeError
	var kind *yaml.UnexpectedNodeTypeError
	switch {
	case errors.As(err, &unknown):
		message = fmt.Sprintf("unknown field %q", located.GetToken().Value)
		if near := d.known(p.Line); near != "" {
			message += "; known here: " + near
		}
	case errors.As(err, &kind):
		message = fmt.Sprintf("a %s is wanted here, not a %s", kindOfNode(kind.Expected), kindOfNode(kind.Actual))
	case errors.As(err, &mismatch):
		message = fmt.Sprintf("%s is wanted here", kindInWords(mismatch.DstType))
	}
	return d.at(p.Line, p.Column, message)
}

// kindOfNode says in a user's words what the YAML library calls a node.
func kindOfNode(t ast.NodeType) string {
	switch t {
	case ast.SequenceType:
		return "list"
	case ast.MappingType, ast.MappingValueType:
		return "group of fields"
	case ast.StringType, ast.LiteralType:
		return "text"
	case ast.IntegerType, ast.FloatType:
		return "number"
	default:
		return strings.ToLower(t.String())
	}
}

// at draws an error: place, reason, the line, and a caret under the column.
func (d *document) at(line, column int, message string) error {
	source := ""
	if line >= 1 && line <= len(d.lines) {
		source = strings.TrimRight(d.lines[line-1], "\r")
	}
	column = min(max(column, 1), len(source)+1)
	var indent strings.Builder
	for _, r := range source[:column-1] {
		if r != '\t' {
			r = ' '
		}
		indent.WriteRune(r)
	}
	number := fmt.Sprintf("%4d | ", line)
	return fmt.Errorf("%s:%d:%d: %s\n%s%s\n%s| %s^", d.name, line, column, message, number, source, strings.Repeat(" ", len(number)-2), indent.String())
}

// field draws an error at the value that a YAML path leads to, or, where the file leaves that out, at what it would stand in.
func (d *document) field(path, message string) error {
	for p := path; p != "$"; p = parent(p) {
		y, err := yaml.PathString(p)
		if err != nil {
			break
		}
		node, err := y.FilterFile(d.file)
		if err != nil || node == nil || node.GetToken() == nil {
			continue
		}
		at := node.GetToken().Position
		if m, ok := node.(*ast.MappingNode); ok && len(m.Values) > 0 {
			at = m.Values[0].Key.GetToken().Position
		}
		return d.at(at.Line, at.Column, message)
	}
	return d.at(1, 1, message)
}

// parent cuts the last step off a path such as $.sources[0].paths[1].
func parent(path string) string {
	return path[:max(strings.LastIndexAny(path, ".["), 1)]
}
