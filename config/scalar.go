package config

import (
	"encoding"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"
)

// scalar reads a single value.
func (d *document) scalar(node *yaml.Node, v reflect.Value, at place, path, what string) {
	wanted := "a text"
	_, custom := v.Addr().Interface().(encoding.TextUnmarshaler)
	switch {
	case custom:
		wanted = "a number or a range"
	case v.Type() == reflect.TypeFor[time.Duration]():
		wanted = "a duration"
	case v.Kind() == reflect.Bool:
		wanted = "true or false"
	case v.Kind() == reflect.Int:
		wanted = "a whole number"
	}
	tag := node.ShortTag()
	refuse := func(instead string) {
		d.refuse(path, at, "%s: %s is wanted, not %s%s", what, wanted, inWords(node), instead)
	}
	switch {
	case node.Kind == yaml.SequenceNode:
		refuse(": write it without - or brackets")
	case node.Kind != yaml.ScalarNode:
		refuse("")
	case tag == "!!null":
		d.refuse(path, at, "%s: there is nothing behind it: write %s, or leave the field out", what, wanted)
	case custom:
		if err := v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText([]byte(node.Value)); err != nil {
			d.refuse(path, at, "%v", err)
		}
	case v.Type() == reflect.TypeFor[time.Duration]():
		length, err := time.ParseDuration(node.Value)
		switch {
		case tag == "!!int":
			refuse(": write " + node.Value + "s for seconds")
		case err != nil:
			refuse(": write one such as 15s or 1m30s")
		default:
			v.SetInt(int64(length))
		}
	case v.Kind() == reflect.Bool:
		d.boolean(node, v, refuse)
	case v.Kind() == reflect.Int:
		n, err := strconv.Atoi(node.Value)
		if err != nil {
			refuse("")
			return
		}
		v.SetInt(int64(n))
	case tag == "!!int" || tag == "!!float" || tag == "!!bool":
		refuse(fmt.Sprintf(": write %q", node.Value))
	case node.Value == "":
		d.refuse(path, at, "%s: the text is empty: write one, or leave it out", what)
	default:
		v.SetString(node.Value)
	}
}

func (d *document) boolean(node *yaml.Node, v reflect.Value, refuse func(string)) {
	switch strings.ToLower(node.Value) {
	case "true", "false":
		if node.ShortTag() == "!!bool" {
			v.SetBool(strings.EqualFold(node.Value, "true"))
			return
		}
		refuse(": write it without quotes")
	case "yes", "on", "y", "1":
		refuse(": write true")
	case "no", "off", "n", "0":
		refuse(": write false")
	default:
		refuse("")
	}
}

// inWords says what a value is.
func inWords(node *yaml.Node) string {
	if node.Kind == yaml.AliasNode {
		node = node.Alias
	}
	const most = 40
	value := node.Value
	if len(value) > most {
		value = strings.ToValidUTF8(value[:most], "") + "…"
	}
	switch node.Kind {
	case yaml.SequenceNode:
		return "a list"
	case yaml.MappingNode:
		return "fields"
	default:
		switch node.ShortTag() {
		case "!!int", "!!float":
			return "the number " + value
		case "!!bool":
			return value
		case "!!null":
			return "nothing"
		default:
			return "the text " + strconv.Quote(value)
		}
	}
}
