package logs

import (
	"math/rand/v2"
	"strings"
	"time"

	"errcode_exporter/catalog"
)

// begin is when the first line was written: in the past for everybody who runs this, since a reader does not believe times in the future.
var begin = time.Date(2026, time.March, 2, 7, 0, 0, 0, time.UTC)

// code is one that the logs name, with what the service says to it.
type code struct{ name, message string }

// Generator makes one line after the other.
type generator struct {
	o          Options
	rng        *rand.PCG
	codes      []code
	heavy      []int // indexes of codes: the frequent ones many times
	counts     []int64
	lines      int64
	matched    int64
	lookalikes int64
	owed       float64 // lines with codes that Percent asks for and that were not written yet

	now    time.Time // of the line in hand
	second int64     // of the cached stamps
	iso    []byte    // 2026-03-02T07:00:00
	clock  []byte    // 2026-03-02 07:00:00
	access []byte    // 02/Mar/2026:07:00:00 +0000
	stream string    // of CRI
	line   []byte    // buffer
}

// unlisted are codes of the families that the published table lacks; services print such, too.
var unlisted = [...]code{{"IS.9417", "Internal code without a description."}, {"ModelArts.99120", "Resource pool is being upgraded."}}

func newGenerator(o Options) *generator {
	g := &generator{o: o, rng: rand.NewPCG(o.Seed, uint64(len(o.Shape))), now: begin, second: -1}
	cat, err := catalog.Load()
	if err != nil {
		panic(err) // the table is part of the program, and tests load it
	}
	for _, c := range cat.Codes() {
		message, _, _ := strings.Cut(c.Message, "\n")
		g.codes = append(g.codes, code{c.Name, strings.NewReplacer(`"`, "'", `\`, "/").Replace(message)})
	}
	g.codes = append(g.codes, unlisted[:]...)
	// A few codes make up most of what happens; which, the seed decides.
	rank := g.permutation(len(g.codes))
	for i, index := range rank {
		for range max(1, 400/(i+4)) {
			g.heavy = append(g.heavy, index)
		}
	}
	g.counts = make([]int64, len(g.codes))
	return g
}

func (g *generator) permutation(n int) []int {
	p := make([]int, n)
	for i := range p {
		p[i] = i
		j := g.below(i + 1)
		p[i], p[j] = p[j], p[i]
	}
	return p
}

// below returns a number from 0 to n-1.
func (g *generator) below(n int) int {
	return int((g.rng.Uint64() >> 32) * uint64(n) >> 32)
}

// event appends a line, or an exception with its stack.
func (g *generator) event(b []byte) []byte {
	g.tick()
	g.owed += g.o.Percent / 100
	json := g.o.Shape == JSON || g.o.Shape != Text && g.below(2) == 0
	g.stream = " stdout F "
	if g.owed >= 1 {
		g.owed--
		if g.below(2) == 0 {
			g.stream = " stderr F "
		}
		i := g.heavy[g.below(len(g.heavy))]
		g.counts[i]++
		g.matched++
		if json {
			return g.put(b, g.jsonFailure(g.line[:0], &g.codes[i]))
		}
		return g.put(b, g.textFailure(g.line[:0], &g.codes[i]))
	}
	switch {
	case json:
		return g.put(b, g.jsonLine(g.line[:0]))
	case g.below(200) == 0:
		return g.trace(b)
	default:
		return g.put(b, g.textLine(g.line[:0]))
	}
}

// put appends what stands in g.line.
func (g *generator) put(b, line []byte) []byte {
	g.line = line
	g.lines++
	if g.o.Shape == CRI {
		b = append(b, g.iso...)
		b = g.nano(append(b, '.'))
		b = append(b, 'Z')
		b = append(b, g.stream...)
	}
	b = append(b, line...)
	return append(b, '\n')
}

// trace is an exception of the application's own: lines that continue an event and name no code.
func (g *generator) trace(b []byte) []byte {
	line := append(g.millis(append(g.line[:0], g.clock...), '.'), " ERROR 7 --- [nio-8080-exec-"...)
	line = g.number(line, 1, 9)
	line = append(line, "] c.e.gallery.web.GalleryController        : java.net.SocketTimeoutException: Read timed out after 3.000 s"...)
	b = g.put(b, line)
	for range 4 + g.below(8) {
		g.owed += g.o.Percent / 100
		line = append(line[:0], "\tat com.example.gallery."...)
		line = append(line, packages[g.below(len(packages))]...)
		line = append(line, "(ImageSearchClient.java:"...)
		line = g.number(line, 20, 900)
		line = append(line, ") ~[gallery-service-3.14.2.jar!/:3.14.2]"...)
		b = g.put(b, line)
	}
	return b
}

// tick moves the clock on.
func (g *generator) tick() {
	g.now = g.now.Add(time.Duration(50_000 + g.below(4_000_000)))
	if s := g.now.Unix(); s != g.second {
		g.second = s
		g.iso = g.now.AppendFormat(g.iso[:0], "2006-01-02T15:04:05")
		g.clock = g.now.AppendFormat(g.clock[:0], time.DateTime)
		g.access = g.now.AppendFormat(g.access[:0], "02/Jan/2006:15:04:05 -0700")
	}
}

func (g *generator) millis(b []byte, separator byte) []byte {
	return digits(append(b, separator), g.now.Nanosecond()/1e6, 3)
}

func (g *generator) nano(b []byte) []byte { return digits(b, g.now.Nanosecond(), 9) }

func digits(b []byte, n, width int) []byte {
	for range width {
		b = append(b, '0')
	}
	for i := len(b) - 1; n > 0; i-- {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

// number appends one from low to high.
func (g *generator) number(b []byte, low, high int) []byte {
	n, width := low+g.below(high-low+1), 1
	for m := n; m >= 10; m /= 10 {
		width++
	}
	return digits(b, n, width)
}

// id appends n hexadecimal digits.
func (g *generator) id(b []byte, n int) []byte {
	const hex = "0123456789abcdef"
	for ; n > 0; n -= 16 {
		bits := g.rng.Uint64()
		for range min(n, 16) {
			b = append(b, hex[bits&15])
			bits >>= 4
		}
	}
	return b
}
