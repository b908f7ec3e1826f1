package main

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"sync"
	"time"

	"errcode_exporter/bench/logs"
)

// latency measures how long it takes from an error line being written until /metrics shows it: how a person asks, and how Prometheus does, for whom a
// checkpoint is written first. It asks again and again, so that the answer's own time is part of it.
func (b *bench) latency(r *Results) error {
	for _, c := range []struct {
		name   string
		header http.Header
	}{{"as a scrape, with a checkpoint", scrapeHeader()}, {"as a person with curl", nil}} {
		err := b.inFolder(func(folder string) error {
			l, err := b.visible(filepath.Join(folder, "app.log"), c.header)
			l.Name = c.name
			r.Latency = append(r.Latency, l)
			return err
		})
		if err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// visible writes 1,000 lines a second to one file, 20 of them errors at random moments.
func (b *bench) visible(path string, header http.Header) (Latency, error) {
	quiet, err := linesOf(logs.Mixed, 0)
	if err != nil {
		return Latency{}, err
	}
	errors, err := linesOf(logs.Mixed, 100)
	if err != nil {
		return Latency{}, err
	}
	w, err := newWriter([]string{path}, quiet, 100)
	if err != nil {
		return Latency{}, err
	}
	defer w.close()
	s, err := b.serve(path)
	if err != nil {
		return Latency{}, err
	}
	defer s.kill()
	if err := s.ready(); err != nil {
		return Latency{}, err
	}

	var mu sync.Mutex
	var written []time.Time // of each error, in order
	wrote := make(chan error, 1)
	go func() {
		wrote <- func() error {
			ticker := time.NewTicker(tick)
			defer ticker.Stop()
			for at := 0; at < b.samples; {
				<-ticker.C
				const batch = 10
				before := rand.IntN(batch)
				text := w.take(nil, before)
				isError := rand.IntN(5) == 0
				if isError {
					text = append(text, errors[at%len(errors)].text...)
				}
				text = w.take(text, batch-1-before)
				if _, err := w.files[0].Write(text); err != nil {
					return err
				}
				if isError {
					mu.Lock()
					written = append(written, time.Now())
					mu.Unlock()
					at++
				}
			}
			return nil
		}()
	}()

	var took []float64
	writing := true
	for len(took) < b.samples {
		body, err := s.get("/metrics?name[]="+errorsTotal, header)
		if err != nil {
			return Latency{}, err
		}
		now, shown := time.Now(), int(parseExposition(body).sum(errorsTotal))
		mu.Lock()
		if shown > len(written)+1 {
			err = fmt.Errorf("%d errors are shown, %d were written", shown, len(written))
		}
		for len(took) < min(shown, len(written)) {
			took = append(took, now.Sub(written[len(took)]).Seconds())
		}
		mu.Unlock()
		if err != nil {
			return Latency{}, err
		}
		select {
		case err := <-wrote:
			if err != nil {
				return Latency{}, err
			}
			writing = false
		case <-s.ended:
			return Latency{}, fmt.Errorf("errcode_exporter serve ended: %s", &s.stderr)
		case <-time.After(2 * time.Millisecond):
		}
	}
	if writing {
		if err := <-wrote; err != nil {
			return Latency{}, err
		}
	}
	return Latency{Samples: len(took), Median: median(took), P99: quantile(took, 0.99)}, nil
}
