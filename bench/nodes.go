package main

import (
	"fmt"
	"path/filepath"
	"time"

	"errcode_exporter/bench/logs"
)

// linesPerPod is how much each pod writes a second while the node is busy, one line in a hundred an error.
const linesPerPod = 10

// nodes measures an exporter that reads the logs of all pods of a node, in a tree as the kubelet makes it. It reads them as one source.
func (b *bench) nodes(r *Results) error {
	for _, pods := range []int{10, 100, 500} {
		err := b.inFolder(func(folder string) error {
			n, err := b.node(folder, pods)
			r.Nodes = append(r.Nodes, n)
			return err
		})
		if err != nil {
			return fmt.Errorf("%d pods: %w", pods, err)
		}
	}
	return nil
}

func (b *bench) node(folder string, pods int) (Node, error) {
	n := Node{Pods: pods, LinesPerPod: linesPerPod}
	lines, err := linesOf(logs.CRI, 1)
	if err != nil {
		return n, err
	}
	paths := numbered(pods, folder, "shop_search-7f9c5d8b6-%05d_0b1c2d3e-4f50-6172-8394-a5b6c7d8e9f0", "search", "0.log")
	w, err := newWriter(paths, lines, 300)
	if err != nil {
		return n, err
	}
	defer w.close()
	s, err := b.serve(filepath.Join(folder, "*_*_*", "*", "*.log"))
	if err != nil {
		return n, err
	}
	defer s.kill()
	if err := s.ready(); err != nil {
		return n, err
	}
	if err := s.shows(w.truth); err != nil {
		return n, err
	}
	time.Sleep(settling)
	n.IdleCPU, _, err = spends(s.pid(), func() error {
		time.Sleep(b.seconds)
		return nil
	})
	if err != nil {
		return n, err
	}
	if err := w.pace(pods*linesPerPod, min(warmUp, b.seconds)); err != nil {
		return n, err
	}
	n.BusyCPU, _, err = spends(s.pid(), func() error { return w.pace(pods*linesPerPod, b.seconds) })
	if err != nil {
		return n, err
	}
	if err := s.shows(w.truth); err != nil {
		return n, err
	}
	var took []float64
	for range 5 {
		began := time.Now()
		body, err := s.get("/metrics", scrapeHeader())
		if err != nil {
			return n, err
		}
		took = append(took, time.Since(began).Seconds())
		n.Series, n.ScrapeBytes = len(parseExposition(body)), len(body)
	}
	n.ScrapeTime = median(took)
	header := scrapeHeader()
	header["Accept-Encoding"] = []string{"gzip"}
	body, err := s.get("/metrics", header)
	n.GzipBytes = len(body)
	n.RSS = memory(s.pid(), "VmRSS")
	return n, err
}
