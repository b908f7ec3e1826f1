package metrics

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/collectors/version"
)

// programGatherer collects what client_golang knows about this program: its build and, with runtime, the Go runtime
// and the process.
func programGatherer(runtime bool) prometheus.Gatherer {
	r := prometheus.NewRegistry()
	all := []prometheus.Collector{version.NewCollector(program)}
	if runtime {
		all = append(all, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	}
	for _, c := range all {
		r.MustRegister(c) // a registry of our own, and names that differ: it cannot fail
	}
	return r
}
