package tailer

// reached is how far a content was consumed, and what goes with that. Reading goes on from there, in the file or in another that
// holds the same content.
type reached struct {
	trail    trail
	history  int64 // where the history ends
	skipping bool  // the offset is within a line that was cut
	found    bool  // by the very first scan
	copy     bool  // of what was read before: its last line may be torn
	state    []byte
}

// reached returns what p remembers.
func (p *Position) reached() reached {
	return reached{p.trail(), p.HistoryEnd, p.Skipping, p.Found, p.Copy, p.State}
}

// goOnFrom makes r what was consumed of a file that is not read yet.
func (f *file) goOnFrom(r reached) {
	f.trail, f.offset = r.trail.clone(), r.trail.offset
	f.history, f.found, f.copy, f.state = r.history, r.found, r.copy, r.state
	f.cut.skipping, f.skipping = r.skipping, r.skipping
}

// reached is called with f.mu held. The marks stay those of f, which only appends to them.
func (f *file) reached() reached {
	return reached{f.trail, f.history, f.skipping, f.found, f.copy, nil}
}
