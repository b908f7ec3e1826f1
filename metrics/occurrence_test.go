package metrics

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

func TestEventBeforeTheFirstScrapeIsShownByTheSecond(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.4006")
	text := s.scrape()
	s.want(text, frozen, "0.0")
	s.want(text, seen, "1.7e+09") // at once
	s.want(s.scrape(), frozen, "1.0")
	s.want(s.scrape(), frozen, "1.0")
}

func TestWhatIsMarkedAsShownIsShownAsItIs(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.4006")
	s.table.MarkShown()
	s.want(s.scrape(), frozen, "1.0")
}

func TestEventAfterTheFirstScrapeIsShownByTheNext(t *testing.T) {
	s := newSite(t, Options{})
	text := s.scrape()
	s.want(text, frozen, "0.0")
	s.want(text, seen, "none")
	s.count("IS.4006", "IS.4006")
	s.want(s.scrape(), frozen, "2.0")
}

func TestSeriesBornLateBeginsAtZeroToo(t *testing.T) {
	s := newSite(t, Options{UnlistedLimit: 1})
	text := s.scrape()
	s.want(text, unlisted, "none")
	s.want(text, families, "0.0")
	s.count("IS.9999", "IS.9998", "IS.9997")
	text = s.scrape()
	s.want(text, unlisted, "0.0")
	s.want(text, other, "0.0")
	s.want(text, families, "3.0") // was shown before
	text = s.scrape()
	s.want(text, unlisted, "1.0")
	s.want(text, other, "2.0")
}

func TestSourceBornLateBeginsAtZeroToo(t *testing.T) {
	s := newSite(t, Options{})
	s.scrape()
	late := s.table.Source("late")
	late.Count(finding(t, s.table.plan.catalog, "IS.4006"), Occurrence{})
	series := strings.Replace(frozen, "app", "late", 1)
	s.want(s.scrape(), series, "0.0")
	s.want(s.scrape(), series, "1.0")
}

func TestPersonSeesTheTruthAndChangesNothing(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.4006", "IS.9999")
	text := s.curl()
	s.want(text, frozen, "1.0")
	s.want(text, families, "1.0")
	text = s.scrape()
	s.want(text, frozen, "0.0")
	s.want(text, families, "0.0")
	s.want(s.curl(), frozen, "1.0")
	s.want(s.scrape(), frozen, "1.0")
}

func TestHistoryIsInTheFirstValue(t *testing.T) {
	s := newSite(t, Options{})
	for range 3 {
		s.source.Count(finding(t, s.table.plan.catalog, "IS.4006"), Occurrence{Time: s.now, History: true})
		s.source.Count(finding(t, s.table.plan.catalog, "IS.9999"), Occurrence{Time: s.now, History: true})
	}
	s.count("IS.4006", "IS.9999")
	text := s.scrape()
	s.want(text, frozen, "3.0")
	s.want(text, unlisted, "3.0")
	s.want(text, families, "3.0")
	text = s.scrape()
	s.want(text, frozen, "4.0")
	s.want(text, unlisted, "4.0")
	s.want(text, families, "4.0")
}

func TestSecondScraperSeesTheTruth(t *testing.T) {
	s := newSite(t, Options{})
	s.scrape() // the first scraper's
	s.count("IS.4006")
	text := s.scrape() // the second one's first
	s.want(text, frozen, "1.0")
	s.want(text, seen, "1.7e+09")
}

// shortWriter breaks the connection after so many bytes.
type shortWriter struct {
	*httptest.ResponseRecorder
	left int
}

func (w *shortWriter) Write(p []byte) (int, error) {
	if len(p) > w.left {
		return 0, errors.New("connection reset by peer")
	}
	w.left -= len(p)
	return w.ResponseRecorder.Write(p)
}

// brokenFlush takes everything and cannot send it.
type brokenFlush struct{ *httptest.ResponseRecorder }

func (brokenFlush) FlushError() error { return errors.New("broken pipe") }

func TestScrapeThatNobodyGotInFullShowsNothing(t *testing.T) {
	prometheus := func() *http.Request { return request(scrapeHeader, "10") }
	f := func(name string, w http.ResponseWriter, r *http.Request) {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, Options{})
			s.count("IS.4006")
			s.handler.ServeHTTP(w, r)
			s.want(s.scrape(), frozen, "0.0")
			s.want(s.scrape(), frozen, "1.0")
		})
	}
	f("at once", &shortWriter{httptest.NewRecorder(), 0}, prometheus())
	f("half way", &shortWriter{httptest.NewRecorder(), 5_000}, prometheus())
	f("compressed", &shortWriter{httptest.NewRecorder(), 100}, request(scrapeHeader, "10", "Accept-Encoding", "gzip"))
	f("when pushed out", brokenFlush{httptest.NewRecorder()}, prometheus())
	head := prometheus()
	head.Method = http.MethodHead
	f("head", httptest.NewRecorder(), head)
	filtered := prometheus()
	filtered.URL.RawQuery = "name[]=go_goroutines"
	f("other metrics asked for", httptest.NewRecorder(), filtered)
}

func TestScraperThatWentAwayWasShownNothing(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.4006")
	ctx, leave := context.WithCancel(context.Background())
	s.table.SetStatus(func() []SourceStatus { leave(); return nil })
	s.serve(request(scrapeHeader, "10").WithContext(ctx))
	s.table.SetStatus(nil)
	s.want(s.scrape(), frozen, "0.0")
	s.want(s.scrape(), frozen, "1.0")
}

func TestScrapeThatTookLongerThanTheScraperWaitsShowsNothing(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.4006")
	s.table.SetStatus(func() []SourceStatus { s.now = s.now.Add(11 * time.Second); return nil })
	s.want(s.scrape(), frozen, "0.0")
	s.want(s.scrape(), frozen, "0.0")
	s.table.SetStatus(nil)
	s.want(s.scrape(), frozen, "0.0")
	s.want(s.scrape(), frozen, "1.0")
}

func TestFilteredScrapeShowsWhatItAskedFor(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.9999")
	r := request(scrapeHeader, "10", "Accept", openMetrics)
	r.URL.RawQuery = "name[]=huaweicloud_api_unlisted_errors_total"
	text := s.serve(r)
	s.want(text, families, "0.0")
	s.want(text, unlisted, "none")
	text = s.scrape()
	s.want(text, families, "1.0")
	s.want(text, unlisted, "0.0")
}

func TestScrapesAtTheSameTimeAgree(t *testing.T) {
	s := newSite(t, Options{})
	const scrapers, rounds = 4, 12
	var wg sync.WaitGroup
	stop := make(chan struct{})
	counting := make(chan struct{})
	go func() {
		defer close(counting)
		for {
			s.count("IS.4006", "IS.9999")
			select {
			case <-stop:
				return
			default:
			}
		}
	}()
	for range scrapers {
		wg.Go(func() {
			last := map[string]float64{}
			for round := range rounds {
				text := s.scrape()
				s.table.Snapshot()
				for _, series := range []string{frozen, families} {
					v, err := strconv.ParseFloat(strings.Fields(sample(text, series))[0], 64)
					if err != nil || v < last[series] || round == rounds-1 && v == 0 {
						t.Errorf("round %d: %s went from %v to %v (%v)", round, series, last[series], v, err)
					}
					last[series] = v
				}
			}
		})
	}
	wg.Wait()
	close(stop)
	<-counting
}

func TestOverlappingScrapesBothShowTheBeginning(t *testing.T) {
	s := newSite(t, Options{})
	s.count("IS.4006")
	// The second scrape is answered in full while the first one is being put together.
	inner := ""
	s.table.SetStatus(func() []SourceStatus {
		s.table.SetStatus(nil)
		inner = s.scrape()
		return nil
	})
	outer := s.scrape()
	s.want(inner, frozen, "0.0")
	s.want(outer, frozen, "0.0")
	s.want(s.scrape(), frozen, "1.0")
}

func TestLastSeenNeverGoesBack(t *testing.T) {
	s := newSite(t, Options{})
	f := func(at time.Time, want string) {
		t.Helper()
		s.source.Count(finding(t, s.table.plan.catalog, "IS.4006"), Occurrence{Time: at})
		s.want(s.curl(), seen, want)
	}
	f(start.Add(-time.Hour), "1.6999964e+09")
	f(start.Add(-2*time.Hour), "1.6999964e+09")
	f(start.Add(-time.Minute), "1.69999994e+09")
	f(time.Time{}, "1.7e+09") // no time of its own: now
}
