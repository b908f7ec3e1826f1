package tailer

// Phase is what is being done with a file.
type Phase int

// The phases of a file.
const (
	CatchingUp Phase = iota // read with our block reader
	Following               // read by nxadm/tail
	Waiting                 // read with our block reader whenever something comes
	Parked                  // quiet; the directory watch wakes it
	Draining                // its name is gone; read until nobody writes it any more
	Done                    // over and closed; only its position is remembered
)

// String returns the phase in words.
func (p Phase) String() string {
	return [...]string{"catching up", "following", "waiting", "parked", "draining", "done"}[p]
}

func (f *file) setPhase(p Phase) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.phase = p
}

// isOver says whether the file is draining or done.
func (f *file) isOver() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.draining || f.phase == Done
}

func (f *file) isDone() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.phase == Done
}

func (f *file) isDraining() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.draining
}

// setDraining says that the file has no name any more, or has its name again.
func (f *file) setDraining(on bool) {
	f.mu.Lock()
	f.draining = on
	f.mu.Unlock()
	f.poke()
}
