package triage

import (
	"embed"
	"fmt"
	"hash/crc32"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

//go:embed assets/*
var assetFiles embed.FS

// assets are the files that pages load. Their names change with their content, so that they can be kept for ever.
type assets struct {
	Style, Script, Icon string
	files               map[string]asset // by name
}

type asset struct {
	kind string
	data []byte
}

func loadAssets() (*assets, error) {
	a := &assets{files: map[string]asset{}}
	for _, f := range []struct {
		name, kind string
		as         *string
	}{
		{"triage.css", "text/css; charset=utf-8", &a.Style},
		{"triage.js", "text/javascript; charset=utf-8", &a.Script},
		{"icon.svg", "image/svg+xml", &a.Icon},
	} {
		data, err := fs.ReadFile(assetFiles, "assets/"+f.name)
		if err != nil {
			return nil, err
		}
		ext := path.Ext(f.name)
		*f.as = fmt.Sprintf("%s-%08x%s", strings.TrimSuffix(f.name, ext), crc32.ChecksumIEEE(data), ext)
		a.files[*f.as] = asset{f.kind, data}
	}
	return a, nil
}

func (s *site) asset(w http.ResponseWriter, r *http.Request, name string) {
	a, ok := s.assets.files[name]
	if !ok {
		s.page(s.missing)(w, r)
		return
	}
	h := w.Header()
	if !reads(w, r) {
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusMethodNotAllowed)
		s.write(w, r, []byte("only GET and HEAD are answered here\n"))
		return
	}
	h.Set("Content-Type", a.kind)
	h.Set("Cache-Control", "public, max-age=31536000, immutable")
	s.write(w, r, a.data)
}
