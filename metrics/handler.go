package metrics

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// scrapeHeader is sent by Prometheus and its kin with each scrape, and by nobody else. Its value is the time after which
// the scraper gives up, in seconds.
const scrapeHeader = "X-Prometheus-Scrape-Timeout-Seconds"

// HandlerOptions say how /metrics is served. The zero value serves everything.
type HandlerOptions struct {
	// Logger gets what goes wrong while a request is answered; nil means that nobody is told.
	Logger *slog.Logger
	// NoExemplars leaves out the exemplars, which hold request IDs.
	NoExemplars bool
	// MaxInFlight is how many requests are answered at once; what comes on top gets 503. 0 means any number.
	MaxInFlight int
	// Cut supplies what a scrape shows, so that it can be made durable first; nil means the counts of the moment, which
	// is also what requests that are not scrapes see. A cut must not be older than one that was supplied before: no
	// scraper may see a counter go down.
	Cut func(context.Context) *Cut
	// Delivered is called after each scrape that was answered in full.
	Delivered func(Delivery)
}

// Delivery is a scrape that was answered in full.
type Delivery struct {
	Taken time.Time // when the cut was taken that it showed
	// Whole says that it showed every count as it was: none was held back because no scrape had shown its series before.
	Whole bool
}

// Handler serves the metrics as text, OpenMetrics or protobuf, whichever the client prefers, compressed with gzip where
// it accepts that.
//
// A GET with the header X-Prometheus-Scrape-Timeout-Seconds is a scrape. A series that no scrape has shown yet is shown at
// its history, which is 0 unless there were log files to read at the very first start; it counts as shown once such an
// answer was written without error and within the scraper's time. All that can be known is that the kernel took it.
func (t *Table) Handler(o HandlerOptions) http.Handler {
	h := &handler{table: t, HandlerOptions: o}
	if o.MaxInFlight > 0 {
		h.slots = make(chan struct{}, o.MaxInFlight)
	}
	return h
}

type handler struct {
	HandlerOptions
	table *Table
	slots chan struct{} // nil: no limit
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.slots != nil {
		select {
		case h.slots <- struct{}{}:
			defer func() { <-h.slots }()
		default:
			http.Error(w, "too many requests for metrics at once: try again later", http.StatusServiceUnavailable)
			return
		}
	}
	began := h.table.now()
	d := &delivery{ResponseWriter: w, logger: h.Logger}
	v := &view{table: h.table, scrape: isScrape(r), exemplars: !h.NoExemplars, report: d.report}
	if v.scrape && h.Cut != nil {
		v.cut = h.Cut(r.Context())
	}
	if v.cut == nil {
		v.cut = h.table.Cut()
	}
	promhttp.HandlerFor(v, promhttp.HandlerOpts{
		ErrorLog:          d,
		ErrorHandling:     promhttp.HTTPErrorOnError, // the first error ends the answer
		EnableOpenMetrics: true,
	}).ServeHTTP(d, r)
	if v.scrape && d.complete() && r.Context().Err() == nil && h.table.now().Sub(began) <= patience(r) {
		whole := v.cut.whole()
		v.cut.delivered(asked(r))
		if h.Delivered != nil {
			h.Delivered(Delivery{Taken: v.cut.taken, Whole: whole})
		}
	}
}

// isScrape reports whether the request comes from a scraper that will see the body.
func isScrape(r *http.Request) bool {
	return r.Method == http.MethodGet && len(r.Header.Values(scrapeHeader)) > 0
}

// patience is how long the scraper waits. One that does not say it in a way that can be understood waits for ever.
func patience(r *http.Request) time.Duration {
	const forever = time.Duration(1<<63 - 1)
	s, err := strconv.ParseFloat(r.Header.Get(scrapeHeader), 64)
	if err != nil || !(s > 0 && s < forever.Seconds()) {
		return forever
	}
	return time.Duration(s * float64(time.Second))
}

// asked says which metrics a request wants: promhttp filters by the parameter name[].
func asked(r *http.Request) func(metric string) bool {
	names := r.URL.Query()["name[]"]
	return func(metric string) bool { return len(names) == 0 || slices.Contains(names, metric) }
}

// delivery watches a response on its way out. It is promhttp's error log too, the only way to learn of errors there.
type delivery struct {
	http.ResponseWriter
	logger *slog.Logger
	status int
	failed bool
}

func (d *delivery) WriteHeader(status int) {
	d.status = status
	d.ResponseWriter.WriteHeader(status)
}

func (d *delivery) Write(p []byte) (int, error) {
	n, err := d.ResponseWriter.Write(p)
	d.failed = d.failed || err != nil || n < len(p)
	return n, err
}

// Println is called by promhttp when it could not write a family; the last value is the error.
func (d *delivery) Println(v ...any) {
	d.failed = true
	if err, ok := v[len(v)-1].(error); ok {
		d.report(err)
	}
}

func (d *delivery) report(err error) {
	if d.logger != nil {
		d.logger.Warn("metrics could not be shown in full", "err", err)
	}
}

// complete pushes out what is still buffered and reports whether all of the response left without error.
func (d *delivery) complete() bool {
	err := http.NewResponseController(d.ResponseWriter).Flush()
	if errors.Is(err, http.ErrNotSupported) {
		err = nil
	}
	return err == nil && !d.failed && (d.status == 0 || d.status == http.StatusOK)
}
