package main

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// table is what is shown as text and as Markdown alike.
type table struct {
	title string
	head  []string
	rows  [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// text writes it for a terminal.
func (t *table) text(w io.Writer) {
	fmt.Fprintf(w, "\n%s\n", t.title)
	tab := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{t.head}, t.rows...) {
		fmt.Fprintln(tab, "  "+strings.Join(row, "\t"))
	}
	_ = tab.Flush() // a terminal that is gone needs nothing
}

// markdown returns it for the page. Figures are on the right.
func (t *table) markdown() string {
	var b strings.Builder
	if t.title != "" {
		fmt.Fprintf(&b, "**%s**\n\n", t.title)
	}
	fmt.Fprintf(&b, "| %s |\n| ---%s |\n", strings.Join(t.head, " | "), strings.Repeat(" | ---:", len(t.head)-1))
	for _, row := range t.rows {
		fmt.Fprintf(&b, "| %s |\n", strings.Join(row, " | "))
	}
	return b.String()
}

// How figures are written.
func ratioText(x float64) string {
	switch {
	case x == 0:
		return "–"
	case x >= 100:
		return fmt.Sprintf("%.0f", x)
	case x >= 10:
		return fmt.Sprintf("%.1f", x)
	case x >= 0.1:
		return fmt.Sprintf("%.2f", x)
	default:
		return fmt.Sprintf("%.2g", x)
	}
}

// figure has two digits that count, and more only where there are no decimals.
func figure(x float64) string {
	if x >= 10 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.2g", x)
}

func percent(x float64) string { return figure(100*x) + " %" }

func mebibytes(n int64) string { return fmt.Sprintf("%.1f", float64(n)/(1<<20)) }

func milliseconds(s float64) string { return figure(s*1e3) + " ms" }

func thousands(n int) string {
	text := fmt.Sprint(n)
	for i := len(text) - 3; i > 0; i -= 3 {
		text = text[:i] + "," + text[i:]
	}
	return text
}

// catchUpTable is one case.
func catchUpTable(c *Case) *table {
	t := &table{
		title: fmt.Sprintf("%s: %s MB, %s lines, %s with codes", c.Title, thousands(int(c.Bytes/1e6)), thousands(int(c.Lines)), thousands(int(c.Matched))),
		head:  []string{"", "MB/s", "× `wc -l`", "× `grep -cE`", "× naive Go", "CPU s/GB", "peak MiB", "runs"},
	}
	for i := range c.Rows {
		r := &c.Rows[i]
		t.add(r.Name, fmt.Sprintf("%.0f", r.speed()/1e6), ratioText(r.ratio(c.row(wcName))), ratioText(r.ratio(c.row(grepName))), ratioText(r.ratio(c.row(naiveName))),
			fmt.Sprintf("%.2f", r.cost()), mebibytes(r.peak()), fmt.Sprint(len(r.Samples)))
	}
	return t
}

// liveTable is what following or waiting costs.
func liveTable(title string, all []Live) *table {
	t := &table{title: title, head: []string{"", "CPU of a core", "resident MiB", "measured for"}}
	for _, l := range all {
		t.add(l.Name, percent(l.CPU), mebibytes(l.RSS), fmt.Sprintf("%.0f s", l.Seconds))
	}
	return t
}

func latencyTable(all []Latency) *table {
	t := &table{title: "From written to visible on `/metrics`, at 1,000 lines/s", head: []string{"asked", "median", "99th percentile", "samples"}}
	for _, l := range all {
		t.add(l.Name, milliseconds(l.Median), milliseconds(l.P99), fmt.Sprint(l.Samples))
	}
	return t
}

func scrapeTable(all []Scrape) *table {
	t := &table{title: "A scrape, with a checkpoint before it", head: []string{"sources, each with a series for every code", "time"}}
	for _, s := range all {
		sources, every, _ := strings.Cut(s.Name, "/")
		if every != "" {
			sources += ", every code has happened"
		}
		t.add(sources, milliseconds(s.Seconds))
	}
	return t
}

func nodeTable(all []Node) *table {
	t := &table{
		title: "The exporter of one node (measured)",
		head:  []string{"pods", "CPU of a core, all quiet", fmt.Sprintf("CPU of a core, %d lines/s each", linesPerPod), "resident MiB", "series", "scrape KB", "scrape KB, gzip", "scrape"},
	}
	for _, n := range all {
		t.add(fmt.Sprint(n.Pods), percent(n.IdleCPU), percent(n.BusyCPU), mebibytes(n.RSS), thousands(n.Series),
			fmt.Sprintf("%.0f", float64(n.ScrapeBytes)/1e3), fmt.Sprintf("%.0f", float64(n.GzipBytes)/1e3), milliseconds(n.ScrapeTime))
	}
	return t
}

// fleetTable is what 10,000 pods make, computed from the nodes that were measured.
func fleetTable(all []Node) *table {
	const pods, interval = 10_000, 30
	t := &table{
		title: fmt.Sprintf("A fleet of %s pods, scraped every %d s (computed from the nodes above)", thousands(pods), interval),
		head:  []string{"pods on a node", "nodes", "series", "samples/s", "scraped MB a minute, gzip", "cores, all quiet", fmt.Sprintf("cores, %d lines/s each", linesPerPod), "resident GiB"},
	}
	for _, n := range all {
		nodes := pods / n.Pods
		t.add(fmt.Sprint(n.Pods), thousands(nodes), thousands(n.Series*nodes), thousands(n.Series*nodes/interval),
			fmt.Sprintf("%.1f", float64(n.GzipBytes*nodes*60/interval)/1e6), figure(n.IdleCPU*float64(nodes)),
			figure(n.BusyCPU*float64(nodes)), fmt.Sprintf("%.1f", float64(n.RSS)*float64(nodes)/(1<<30)))
	}
	return t
}

// tables are all of a run, by the name of the place that they have on the page.
func (r *Results) tables() map[string][]*table {
	all := map[string][]*table{}
	for i := range r.Cases {
		all["catchup"] = append(all["catchup"], catchUpTable(&r.Cases[i]))
	}
	if len(r.Following) > 0 {
		all["live"] = append(all["live"], liveTable("Following, and counting it all", r.Following))
	}
	if len(r.Latency) > 0 {
		all["live"] = append(all["live"], latencyTable(r.Latency))
	}
	if len(r.Idle) > 0 {
		all["live"] = append(all["live"], liveTable("Waiting", r.Idle))
	}
	if len(r.Scrapes) > 0 {
		all["live"] = append(all["live"], scrapeTable(r.Scrapes))
	}
	if len(r.Nodes) > 0 {
		all["nodes"] = append(all["nodes"], nodeTable(r.Nodes), fleetTable(r.Nodes))
	}
	if goals := r.goals(); len(goals.rows) > 0 {
		all["goals"] = append(all["goals"], goals)
	}
	return all
}

// print writes everything for a terminal.
func (r *Results) print(w io.Writer) {
	fmt.Fprintln(w, r.where())
	all := r.tables()
	for _, place := range places {
		for _, t := range all[place] {
			t.text(w)
		}
	}
}

// where says on what and when it was measured.
func (r *Results) where() string {
	return fmt.Sprintf("%s, %s, %d cores, %s, %s, revision %s; logs of %d MB, medians of %d interleaved runs, page cache warm, every count checked",
		r.Date, r.Machine.Processor, r.Machine.Cores, r.Machine.System, r.Machine.Go, r.Revision, r.MB, r.Runs)
}
