package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"errcode_exporter/catalog"
)

// preset is a value that has defaults other than zero for what the document leaves out.
type preset interface{ preset() }

// decode reads a value of the document into v, and notes all that is wrong with it. path is where it stands, what the field or
// entry it belongs to.
func (d *document) decode(node *yaml.Node, v reflect.Value, path, what string) {
	if !d.spend(node, 1) {
		return
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	at := place{node.Line, node.Column}
	if node.Kind == yaml.ScalarNode && node.ShortTag() == "!!null" && isGroup(v) {
		return // nothing is behind it, as when all that was there is commented out
	}
	d.places[path] = at
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if p, ok := v.Addr().Interface().(preset); ok {
		p.preset()
	}
	if short := shortForm(v); short.IsValid() && node.Kind == yaml.ScalarNode {
		v = short
	}
	switch {
	case isScalar(v):
		d.scalar(node, v, at, path, what)
	case v.Kind() == reflect.Slice:
		d.list(node, v, path, what)
	case v.Kind() == reflect.Map:
		d.named(node, v, path, what)
	default:
		d.group(node, v, path, what)
	}
}

// spend counts values that are read, and says whether so many may be.
func (d *document) spend(node *yaml.Node, values int) bool {
	had := d.left
	d.left -= values
	if d.left < 0 && had >= 0 {
		d.report(place{node.Line, node.Column}, "more than %d values, with those that aliases stand for: write less", maxValues)
	}
	return d.left >= 0
}

// refuse notes a value that cannot be read.
func (d *document) refuse(path string, at place, format string, args ...any) {
	d.unread = append(d.unread, path)
	d.report(at, format, args...)
}

// isGroup says whether a value holds others.
func isGroup(v reflect.Value) bool {
	return !isScalar(v) && (v.Kind() == reflect.Struct || v.Kind() == reflect.Slice || v.Kind() == reflect.Map)
}

func isScalar(v reflect.Value) bool {
	if _, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return true
	}
	return v.Kind() == reflect.String || v.Kind() == reflect.Bool || v.Kind() == reflect.Int || v.Kind() == reflect.Int64
}

// list reads a list.
func (d *document) list(node *yaml.Node, v reflect.Value, path, what string) {
	if node.Kind != yaml.SequenceNode {
		instead := `begin each entry with "- "`
		if node.Kind == yaml.ScalarNode {
			instead = "write [" + inFlow(node.Value) + "]"
			if isGroup(reflect.New(v.Type().Elem()).Elem()) {
				instead = `write its entries below it, each after "- "`
			}
		}
		d.refuse(path, place{node.Line, node.Column}, "%s: a list is wanted, not %s: %s", what, inWords(node), instead)
		return
	}
	v.Set(reflect.MakeSlice(v.Type(), len(node.Content), len(node.Content)))
	for i, entry := range node.Content {
		d.decode(entry, v.Index(i), fmt.Sprintf("%s[%d]", path, i), fmt.Sprintf("%s, entry %d", what, i+1))
	}
}

// inFlow writes a text so that it can stand between brackets.
func inFlow(text string) string {
	if strings.ContainsAny(text, "[]{},\"'*&!|>%@`#: ") {
		return strconv.Quote(text)
	}
	return text
}

// named reads values that have names of their own.
func (d *document) named(node *yaml.Node, v reflect.Value, path, what string) {
	if node.Kind != yaml.MappingNode {
		d.refuse(path, place{node.Line, node.Column}, "%s: names with something behind each are wanted, not %s", what, inWords(node))
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for _, f := range d.fields(node) {
		value := reflect.New(v.Type().Elem()).Elem()
		d.decode(f.value, value, path+"."+f.name, what+", "+f.name)
		v.SetMapIndex(reflect.ValueOf(f.name), value)
	}
}

// group reads fields.
func (d *document) group(node *yaml.Node, v reflect.Value, path, what string) {
	known := fieldsOf(v)
	names := make([]string, 0, len(known))
	for i := range v.NumField() {
		if name := fieldName(v.Type().Field(i)); name != "" {
			names = append(names, name)
		}
	}
	if node.Kind != yaml.MappingNode {
		instead := "write them below it, indented: " + strings.Join(names, ", ")
		if node.Kind == yaml.SequenceNode {
			instead = "leave out the - or the brackets"
		}
		subject := what + ": "
		if what == "" { // the whole document
			subject, instead = "", "begin with one of "+strings.Join(names, ", ")
		}
		d.refuse(path, place{node.Line, node.Column}, "%sfields are wanted, not %s: %s", subject, inWords(node), instead)
		return
	}
	for _, f := range d.fields(node) {
		field, ok := known[f.name]
		if !ok {
			text := "known here: " + strings.Join(names, ", ")
			if near := catalog.Near(f.name, names); len(near) > 0 {
				text = "did you mean " + strings.Join(near, " or ") + "?"
			}
			d.refuse(path, f.at, "unknown field %q: %s", f.name, text)
			continue
		}
		inner := f.name
		if path != "" {
			inner = path + "." + f.name
		}
		d.decode(f.value, field, inner, f.name)
	}
}

// pair is one field as it stands in the document.
type pair struct {
	name  string
	at    place
	value *yaml.Node
}

// fields returns the fields of a group, those that it takes over from elsewhere (<<) last.
func (d *document) fields(node *yaml.Node) []pair {
	var own, merged []pair
	seen := map[string]place{}
	if !d.spend(node, len(node.Content)/2) {
		return nil
	}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		at := place{key.Line, key.Column}
		switch first, twice := seen[key.Value]; {
		case key.Kind != yaml.ScalarNode:
			d.report(at, "the name of a field is wanted here, not %s", inWords(key))
		case key.ShortTag() == "!!merge":
			merged = append(merged, d.merge(value)...)
		case twice:
			d.report(at, "field %q is here twice, first in line %d: keep one", key.Value, first.line)
		default:
			seen[key.Value] = at
			own = append(own, pair{key.Value, at, value})
		}
	}
	for _, m := range merged {
		if _, ok := seen[m.name]; !ok {
			seen[m.name] = m.at
			own = append(own, m)
		}
	}
	return own
}

// merge returns the fields that << takes over.
func (d *document) merge(node *yaml.Node) []pair {
	if !d.spend(node, 1) {
		return nil
	}
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	const deepest = 16
	if d.merges++; d.merges > deepest {
		d.spend(node, maxValues+1)
		return nil
	}
	defer func() { d.merges-- }()
	switch node.Kind {
	case yaml.MappingNode:
		return d.fields(node)
	case yaml.SequenceNode:
		var all []pair
		for _, entry := range node.Content {
			all = append(all, d.merge(entry)...)
		}
		return all
	default:
		d.report(place{node.Line, node.Column}, "<< takes over the fields of another group: write an alias of one, such as *name, not %s", inWords(node))
		return nil
	}
}

// fieldName is what a field of ours is called in the document; empty if the document cannot set it.
func fieldName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("yaml"), ",")
	if name == "-" || !f.IsExported() {
		return ""
	}
	return name
}

func fieldsOf(v reflect.Value) map[string]reflect.Value {
	all := map[string]reflect.Value{}
	for i := range v.NumField() {
		if name := fieldName(v.Type().Field(i)); name != "" {
			all[name] = v.Field(i)
		}
	}
	return all
}

// shortForm is the field that a single text stands for where fields could be.
func shortForm(v reflect.Value) reflect.Value {
	if v.Kind() != reflect.Struct {
		return reflect.Value{}
	}
	for i := range v.NumField() {
		if strings.HasSuffix(v.Type().Field(i).Tag.Get("yaml"), ",text") {
			return v.Field(i)
		}
	}
	return reflect.Value{}
}
