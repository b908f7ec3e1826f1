package tailer

import (
	"os"
	"path/filepath"
)

const maxLinks = 40 // as the kernel follows

// chain returns what path leads to, on the way and in the end, in this order. The last need not be there. For no link it is empty.
func chain(path string) []string {
	var all []string
	for at := path; len(all) < maxLinks; {
		target, err := os.Readlink(at)
		if err != nil {
			break
		}
		if !filepath.IsAbs(target) {
			dir, err := filepath.EvalSymlinks(filepath.Dir(at))
			if err != nil {
				break
			}
			target = filepath.Join(dir, target)
		}
		at = filepath.Clean(target)
		all = append(all, at)
	}
	return all
}

// resolve returns the name without links of what path leads to, which need not be there: what is written may be missing for
// a moment while it is rotated.
func resolve(path string) string {
	if all := chain(path); len(all) > 0 {
		path = all[len(all)-1]
	}
	return inRealDir(path)
}

// inRealDir follows the links in the directory of path, and not the one that path may be itself.
func inRealDir(path string) string {
	dir, err := filepath.EvalSymlinks(filepath.Dir(path))
	if err != nil {
		return path
	}
	return filepath.Join(dir, filepath.Base(path))
}
