package config

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"

	"go.yaml.in/yaml/v3"

	"errcode_exporter/catalog"
)

// Load reads and checks a configuration file and the overlays that it names, and further overlays after them. An error says everything
// that is wrong with them, one place after another.
func Load(path string, overlays ...string) (*Config, error) {
	data, err := readFile(path)
	if err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	return Parse(path, data, overlays...)
}

// Parse checks a configuration that has been read, and reads the overlays that it names. name is what errors call it; overlays with a
// relative path are looked for in its folder, further ones in the working directory.
func Parse(name string, data []byte, further ...string) (*Config, error) {
	main := newDocument(name, data)
	c := Default()
	if node := main.read(data); node != nil {
		main.decode(node, reflect.ValueOf(c).Elem(), "", "")
	}
	if len(c.Sources) == 1 && !main.has("sources[0].name") {
		c.Sources[0].Name = DefaultSourceName
	}
	if main.left >= 0 {
		main.check(c)
	}
	c.files = []File{{name, data}}
	overlays, docs := main.overlays(c)
	for _, path := range further {
		data, err := readFile(path)
		if err != nil {
			return nil, fmt.Errorf("overlay: %w", err)
		}
		d, o := readOverlay(path, data)
		c.files = append(c.files, File{path, data})
		docs, overlays = append(docs, d), append(overlays, o)
	}
	checkOverlays(overlays, docs)
	errs := []error{main.err()}
	for _, d := range docs {
		errs = append(errs, d.err())
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	c.overlays = overlays
	return c, nil
}

// ReadOverlays reads and checks overlays that no configuration names.
func ReadOverlays(paths ...string) (*Config, error) { return Parse("", nil, paths...) }

// overlays reads what catalog.files names.
func (d *document) overlays(c *Config) ([]catalog.Overlay, []*document) {
	var all []catalog.Overlay
	var docs []*document
	seen := map[string]int{}
	for i, path := range c.Catalog.Files {
		at := fmt.Sprintf("catalog.files[%d]", i)
		if path == "" {
			continue // reported
		}
		full := path
		if !filepath.IsAbs(path) {
			full = filepath.Join(filepath.Dir(d.name), path)
		}
		full = filepath.Clean(full)
		if first, twice := seen[full]; twice {
			d.reportAt(at, "%q is here twice, first as entry %d: keep one", path, first+1)
			continue
		}
		seen[full] = i
		data, err := readFile(full)
		var failed *os.PathError
		switch {
		case errors.As(err, &failed):
			d.reportAt(at, "%q cannot be read: %v: the path starts at the folder of this file", path, failed.Err)
			continue
		case err != nil:
			d.reportAt(at, "%v", err)
			continue
		case full == filepath.Clean(d.name):
			d.reportAt(at, "%q is this file itself: put families and codes into a file of their own", path)
			continue
		}
		doc, o := readOverlay(full, data)
		c.files = append(c.files, File{full, data})
		docs, all = append(docs, doc), append(all, o)
	}
	return all, docs
}

// readFile reads a file, which may also be a pipe.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%q is a folder: name a file in it", path)
	}
	return io.ReadAll(io.LimitReader(f, maxFileBytes+1))
}

// YAML returns the configuration as it is in force, defaults filled in, and the overlays as they were read. It may hold secrets.
func (c *Config) YAML() ([]byte, error) {
	var out strings.Builder
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(c); err != nil {
		return nil, err
	}
	if err := enc.Close(); err != nil {
		return nil, err
	}
	for _, f := range c.files[min(1, len(c.files)):] {
		fmt.Fprintf(&out, "\n# %s\n%s", f.Path, f.Data)
		if len(f.Data) > 0 && f.Data[len(f.Data)-1] != '\n' {
			out.WriteString("\n")
		}
	}
	return []byte(out.String()), nil
}
