package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kingpin/v2"
)

// choice is the value of a flag that takes one of a few words. The parser's own kind does not say which flag it is about.
type choice struct {
	flag    string
	allowed []string
	value   string
}

// addChoice adds such a flag; the first word is the default. With several flags of one meaning an empty first word stands for
// none.
func addChoice(c *kingpin.CmdClause, flag, help string, words ...string) *string {
	v := &choice{flag: flag, allowed: words, value: words[0]}
	f := c.Flag(flag, help).HintOptions(words...)
	f.SetValue(v)
	if words[0] != "" {
		f.PlaceHolder(words[0])
	}
	return &v.value
}

func (c *choice) String() string { return c.value }

func (c *choice) Set(s string) error {
	if !slices.Contains(c.allowed, s) || s == "" {
		words := slices.DeleteFunc(slices.Clone(c.allowed), func(w string) bool { return w == "" })
		return fmt.Errorf("--%s=%s: %s is wanted", c.flag, s, strings.Join(words, " or "))
	}
	c.value = s
	return nil
}
