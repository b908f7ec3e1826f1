package main

// maxRequestIDs is how many of the newest request IDs are kept for each code.
const maxRequestIDs = 5

// newestIDs holds the newest request IDs, each once, the one that was seen last at the end. It keeps its memory. The zero value
// holds none.
type newestIDs struct {
	ids [maxRequestIDs][]byte
	n   int
}

// see makes an ID the newest.
func see[text string | []byte](r *newestIDs, id text) {
	at := r.n - 1
	for at >= 0 && string(r.ids[at]) != string(id) {
		at--
	}
	switch {
	case at >= 0:
	case r.n < maxRequestIDs:
		at = r.n
		r.n++
	default:
		at = 0
	}
	newest := r.ids[at][:0]
	newest = append(newest, id...)
	copy(r.ids[at:r.n], r.ids[at+1:r.n])
	r.ids[r.n-1] = newest
}

// all returns the IDs, the newest last. There is none in nil.
func (r *newestIDs) all() []string {
	if r == nil {
		return []string{}
	}
	list := make([]string, r.n)
	for i := range list {
		list[i] = string(r.ids[i])
	}
	return list
}
