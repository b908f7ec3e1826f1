package tailer

import (
	"slices"
	"time"
)

const (
	// How long positions of files are kept that no source names, should one name them again, and how many.
	shelveFor   = 30 * 24 * time.Hour
	shelveFiles = rememberFiles
)

// shelve keeps the position of something that no source names.
func (s *supervisor) shelve(p Position) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shelf = append(s.shelf, p)
	if len(s.shelf) > shelveFiles {
		s.shelf = slices.Delete(s.shelf, 0, len(s.shelf)-shelveFiles)
	}
}

// unshelve takes down what a source names again.
func (s *supervisor) unshelve() []Position {
	s.mu.Lock()
	defer s.mu.Unlock()
	var again []Position
	s.shelf = slices.DeleteFunc(s.shelf, func(p Position) bool {
		named := s.setOf(p.Home) != nil
		if named {
			again = append(again, p)
		}
		return named || time.Since(p.At) > shelveFor
	})
	return again
}
