package config

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"errcode_exporter/tailer"
)

// maxGlob is as long as a path may be for the kernel.
const maxGlob = 4096

// halfFolders are two stars that do not stand alone between slashes, and mean no more than one.
var halfFolders = regexp.MustCompile(`[^/]\*\*|\*\*[^/]`)

// compressed are the ends of names that are never read.
func compressed() []string { return []string{".gz", ".zst", ".bz2", ".xz", ".lz4"} }

// wrongPath says what is wrong with a glob for files to be read, and what to write instead; nothing if it may name some.
func wrongPath(g string) string {
	if text := wrongGlob(g); text != "" || g == "" {
		return text
	}
	last := path.Base(g)
	switch {
	case strings.HasSuffix(g, "/"):
		return fmt.Sprintf("%q names a folder: write %q for the logs in it", g, g+"*.log")
	case last == "." || last == "..":
		return fmt.Sprintf("%q names a folder: write %q for the logs in it", g, path.Join(g, "*.log"))
	case slices.Contains(compressed(), path.Ext(last)):
		return fmt.Sprintf("%q names compressed files, which nobody writes any more: leave it out; what was rotated and compressed is found beside its log, and errcode_exporter scan reads the rest", g)
	}
	return ""
}

// wrongExclude says what is wrong with a glob for files to be left out.
func wrongExclude(g string) string {
	if text := wrongGlob(g); text != "" {
		return text
	}
	if strings.HasSuffix(g, "/") {
		return fmt.Sprintf("%q names a folder: write %q for all that is in it", g, g+"**")
	}
	return ""
}

// wrongGlob says what is wrong with any glob.
func wrongGlob(g string) string {
	switch {
	case g == "":
		return "" // reported as empty
	case len(g) > maxGlob:
		return fmt.Sprintf("a glob of %d bytes: no path is longer than %d", len(g), maxGlob)
	case strings.TrimSpace(g) != g:
		return fmt.Sprintf("%q begins or ends with white space: write %q", g, strings.TrimSpace(g))
	case strings.HasPrefix(g, "~"):
		return fmt.Sprintf("%q: ~ is not replaced here: write the whole path, such as /home/app/%s", g, strings.TrimLeft(g, "~/"))
	case strings.HasPrefix(g, "$") || strings.Contains(g, "${") || strings.Contains(g, "$("):
		return fmt.Sprintf("%q: variables are not replaced here: write the path itself", g)
	case strings.Contains(g, "://"):
		return fmt.Sprintf("%q is a URL: write the path of a file", g)
	case halfFolders.MatchString(g):
		return fmt.Sprintf("%q: ** stands for folders only between slashes: write %q", g, betweenSlashes(g))
	}
	if err := tailer.ValidateGlob(g); err != nil {
		return fmt.Sprintf(`glob %q: a [ or { is not closed, or a \ is at the end: put a \ before one that stands for itself`, g)
	}
	return ""
}

// betweenSlashes writes what was meant by **.log: **/*.log.
func betweenSlashes(g string) string {
	g = regexp.MustCompile(`([^/])\*\*`).ReplaceAllString(g, "$1*/**")
	return regexp.MustCompile(`\*\*([^/])`).ReplaceAllString(g, "**/*$1")
}
