package extract

// nameSet holds the names of codes. Few are compared one by one, many are looked up. The zero value is empty.
type nameSet struct {
	list  []string
	index map[string]struct{} // of all of list, once that has more than small names
}

// small is the number of names up to which comparing with each is cheaper than a map.
const small = 16

func (s *nameSet) has(name []byte) bool {
	if len(s.list) > small {
		_, ok := s.index[string(name)]
		return ok
	}
	for _, have := range s.list {
		if have == string(name) {
			return true
		}
	}
	return false
}

// add adds a name that the set does not have.
func (s *nameSet) add(name string) {
	s.list = append(s.list, name)
	if len(s.list) <= small {
		return
	}
	if s.index == nil {
		s.index = map[string]struct{}{}
	}
	for _, n := range s.list[len(s.index):] {
		s.index[n] = struct{}{}
	}
}

func (s *nameSet) reset() {
	s.list = s.list[:0]
	if len(s.index) > 0 {
		clear(s.index)
	}
}
