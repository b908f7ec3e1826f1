package triage

import (
	"fmt"
	"strconv"
	"strings"
)

// spark is the course of an hour as a picture: a bar for each minute.
type spark struct {
	Width, Height int
	Path          string // of the bars
	Label         string // for who cannot see it
}

func sparkOf(minutes []uint32, width, height int) spark {
	s := spark{Width: width, Height: height}
	most, sum, at := uint32(0), uint64(0), 0
	for i, n := range minutes {
		sum += uint64(n)
		if n > most {
			most, at = n, i
		}
	}
	if most == 0 {
		s.Label = "no events in the last hour"
		return s
	}
	ago := len(minutes) - 1 - at
	when := strconv.Itoa(ago) + " minutes ago"
	if ago == 0 {
		when = "this minute"
	}
	s.Label = fmt.Sprintf("%d events in the last hour, most of them %s: %d a minute", sum, when, most)
	step := float64(width) / float64(len(minutes))
	var path strings.Builder
	for i, n := range minutes {
		if n == 0 {
			continue
		}
		tall := max(1.5, float64(n)/float64(most)*float64(height-1))
		fmt.Fprintf(&path, "M%s %dv-%sh%sv%sz", short(float64(i)*step), height, short(tall), short(step*0.8), short(tall))
	}
	s.Path = path.String()
	return s
}

// short writes a number with one digit behind the point at most.
func short(f float64) string {
	return strings.TrimSuffix(strconv.FormatFloat(f, 'f', 1, 64), ".0")
}
