package triage

import (
	"fmt"
	"strconv"
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
	var path []byte
	for i, n := range minutes {
		if n == 0 {
			continue
		}
		tall := max(1.5, float64(n)/float64(most)*float64(height-1))
		path = short(append(path, 'M'), float64(i)*step)
		path = strconv.AppendInt(append(path, ' '), int64(height), 10)
		path = short(append(path, "v-"...), tall)
		path = short(append(path, 'h'), step*0.8)
		path = append(short(append(path, 'v'), tall), 'z')
	}
	s.Path = string(path)
	return s
}

// short appends a number with one digit behind the point. It is not below 0.
func short(to []byte, f float64) []byte {
	tenths := int64(f*10 + 0.5)
	to = strconv.AppendInt(to, tenths/10, 10)
	if tenths%10 > 0 {
		to = append(to, '.', byte('0'+tenths%10))
	}
	return to
}
