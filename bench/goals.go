package main

import "fmt"

// goals holds what was measured against what the exporter is meant to reach. They are looked at by people: no test fails when the machine is busy.
func (r *Results) goals() *table {
	t := &table{head: []string{"goal", "wanted", "measured", ""}}
	judge := func(what, wanted string, measured float64, ok bool, text string) {
		if measured == 0 {
			return // not measured
		}
		verdict := "missed"
		if ok {
			verdict = "reached"
		}
		t.add(what, wanted, text, verdict)
	}
	atLeast := func(what string, measured, goal float64, unit string) {
		judge(what, fmt.Sprintf("at least %.3g%s", goal, unit), measured, measured >= goal, ratioText(measured)+unit)
	}
	below := func(what string, measured, goal float64, unit string) {
		judge(what, fmt.Sprintf("under %.3g%s", goal, unit), measured, measured < goal, figure(measured)+unit)
	}
	const wc, grep, naive = " × `wc -l`", " × `grep -cE`", " × naive Go"
	for _, name := range []string{scanName, serveName} {
		if c := r.find("mixed-1"); c != nil {
			atLeast("`"+name+"`, mixed, 1 %", c.row(name).ratio(c.row(wcName)), 0.35, wc)
			atLeast("`"+name+"`, mixed, 1 %", c.row(name).ratio(c.row(grepName)), 2, grep)
			below("`"+name+"`, peak memory", float64(c.row(name).peak())/(1<<20), 40, " MiB")
		}
		if c := r.find("two-files"); c != nil {
			one := map[string]string{scanName: scanOne, serveName: serveOne}[name]
			atLeast("`"+name+"`, two files on two cores", c.row(name).ratio(c.row(one)), 1.7, " × one file on one")
		}
		if c := r.find("mixed-20"); c != nil {
			atLeast("`"+name+"`, 20 %", c.row(name).ratio(c.row(grepName)), 0.6, grep)
		}
		if c := r.find("storm"); c != nil {
			atLeast("`"+name+"`, storm", c.row(name).ratio(c.row(naiveName)), 15, naive)
			below("`"+name+"`, storm", c.row(name).cost(), 3, " CPU s/GB")
		}
		if cri, raw := r.find("cri-1"), r.find("mixed-1"); cri != nil && raw != nil {
			// Each against the wc -l of its own rounds.
			atLeast("`"+name+"`, CRI", cri.row(name).ratio(cri.row(wcName))/raw.row(name).ratio(raw.row(wcName)), 0.8, " × the raw figure")
		}
	}
	r.liveGoals(below)
	return t
}

func (r *Results) liveGoals(below func(what string, measured, goal float64, unit string)) {
	limits := map[string]float64{"50,000 lines/s in one file": 15, "1,000 lines/s over 50 files": 3, "50 quiet files": 0.15, "500 quiet files": 1}
	memory := map[string]float64{"50 quiet files": 25, "500 quiet files": 40}
	for _, l := range append(r.Following[:len(r.Following):len(r.Following)], r.Idle...) {
		if limit, ok := limits[l.Name]; ok {
			below(l.Name, 100*l.CPU, limit, " % of a core")
		}
		if limit, ok := memory[l.Name]; ok {
			below(l.Name, float64(l.RSS)/(1<<20), limit, " MiB")
		}
	}
	for _, l := range r.Latency {
		below("written to visible, "+l.Name+", median", 1e3*l.Median, 60, " ms")
		below("written to visible, "+l.Name+", 99th percentile", 1e3*l.P99, 150, " ms")
	}
	for _, s := range r.Scrapes {
		if limit, ok := map[string]float64{"1": 2, "200": 200}[s.Name]; ok {
			below("scrape, sources: "+s.Name, 1e3*s.Seconds, limit, " ms")
		}
	}
}
