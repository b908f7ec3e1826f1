package metrics

import "time"

// SourceStatus is the state of one source at the moment of a scrape.
type SourceStatus struct {
	Source   string
	Files    int       // being read or watched
	LagBytes int64     // in these files, not read yet
	LastLine time.Time // when the latest line was read; zero before the first
}

// SetStatus sets where each scrape takes the state of the sources from. It is called without any lock held; sources that
// the table does not have are left out, and those that it does not name have no files.
func (t *Table) SetStatus(status func() []SourceStatus) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.status = status
}

// statusOf asks for the state of the sources; nil where nobody can tell.
func (t *Table) statusOf() map[string]SourceStatus {
	t.mu.RLock()
	status := t.status
	t.mu.RUnlock()
	if status == nil {
		return nil
	}
	bySource := map[string]SourceStatus{}
	for _, s := range status() {
		bySource[s.Source] = s
	}
	return bySource
}
