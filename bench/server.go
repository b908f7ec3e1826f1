package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"errcode_exporter/bench/logs"
)

const (
	patience = 10 * time.Minute // only a failure reaches it
	askEvery = 3 * time.Millisecond

	errorsTotal = "huaweicloud_api_errors_total"
	linesTotal  = "errcode_exporter_lines_total"
	lagBytes    = "errcode_exporter_source_lag_bytes"
)

// server is a real `errcode_exporter serve`.
type server struct {
	cmd    *exec.Cmd
	url    string
	stderr bytes.Buffer
	client *http.Client
	began  time.Time
	folder string
	ended  chan struct{} // closed

	patience time.Duration
}

// serve starts one with a fresh checkpoint, which reads what matches from the beginning.
func (b *bench) serve(globs ...string) (*server, error) {
	folder, err := os.MkdirTemp(b.work, "serve-")
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	config := filepath.Join(folder, "errcode_exporter.yml")
	text := fmt.Sprintf("sources:\n- name: app\n  start_at: beginning\n  paths: ['%s']\ncheckpoint: {path: '%s'}\n", strings.Join(globs, "', '"), filepath.Join(folder, "checkpoint.json"))
	if err := os.WriteFile(config, []byte(text), 0o644); err != nil {
		return nil, err
	}
	s := &server{url: "http://" + address, client: &http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: time.Minute}, folder: folder, ended: make(chan struct{}), patience: cmp.Or(b.patience, patience)}
	s.cmd = exec.Command(b.exporter, "serve", "--config.file="+config, "--web.listen-address="+address)
	s.cmd.Env = environment()
	s.cmd.Stderr = &s.stderr
	s.began = time.Now()
	if err := s.cmd.Start(); err != nil {
		return nil, err
	}
	go func() {
		_ = s.cmd.Wait() // it is killed in the end
		close(s.ended)
	}()
	return s, nil
}

func freeAddress() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	defer l.Close()
	return l.Addr().String(), nil
}

func (s *server) pid() int { return s.cmd.Process.Pid }

// kill ends it and takes its folder away.
func (s *server) kill() {
	_ = s.cmd.Process.Kill() // it may be gone already
	<-s.ended
	s.client.CloseIdleConnections()
	_ = os.RemoveAll(s.folder) // it lies in a folder that goes in the end
}

// until asks again and again until the answer is yes.
func (s *server) until(what string, yes func() (bool, error)) error {
	for deadline := time.Now().Add(s.patience); ; time.Sleep(askEvery) {
		ok, err := yes()
		if ok {
			return nil
		}
		select {
		case <-s.ended:
			return fmt.Errorf("errcode_exporter serve ended: %s", &s.stderr)
		default:
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("waited in vain for: %s (%w)", what, err)
		}
	}
}

var errStatus = errors.New("HTTP status")

// get asks for a page. With scrapeHeader it does so as Prometheus, else as a person.
func (s *server) get(path string, header http.Header) ([]byte, error) {
	r, err := http.NewRequest(http.MethodGet, s.url+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	for key, values := range header {
		r.Header[key] = values
	}
	response, err := s.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%w %d: %s", errStatus, response.StatusCode, body)
	}
	return body, err
}

// scrapeHeader is what tells a scrape from a person's request.
func scrapeHeader() http.Header {
	return http.Header{"X-Prometheus-Scrape-Timeout-Seconds": {"10"}}
}

func (s *server) ready() error {
	return s.until("/-/ready", func() (bool, error) {
		_, err := s.get("/-/ready", nil)
		return err == nil, err
	})
}

func (s *server) metrics() (exposition, error) {
	body, err := s.get("/metrics?name[]="+errorsTotal+"&name[]="+linesTotal+"&name[]="+lagBytes, nil)
	return parseExposition(body), err
}

// shows waits until everything is read and counted.
func (s *server) shows(truth logs.Truth) error {
	return s.until("the counts to be the truth", func() (bool, error) {
		m, err := s.metrics()
		if err != nil {
			return false, err
		}
		if lines := int64(m.sum(linesTotal)); lines != truth.Lines || m.sum(lagBytes) != 0 {
			if lines > truth.Lines {
				return false, fmt.Errorf("%d lines, there are %d", lines, truth.Lines)
			}
			return false, fmt.Errorf("%d of %d lines", lines, truth.Lines)
		}
		err = differ(m.by(errorsTotal, "code"), truth.Codes)
		return err == nil, err
	})
}

// catchUp measures how long a fresh exporter takes, from the start of the process, until it is ready and all that is in the files is counted.
func (b *bench) catchUp(files []string, truth logs.Truth) (Sample, error) {
	s, err := b.serve(files...)
	if err != nil {
		return Sample{}, err
	}
	defer s.kill()
	if err := s.ready(); err != nil {
		return Sample{}, err
	}
	// Answering costs it processor time; so it is asked for the counts only when it has read everything.
	err = s.until("the end of the files", func() (bool, error) { return bytesRead(s.pid()) >= truth.Bytes, nil })
	if err == nil {
		err = s.shows(truth)
	}
	if err != nil {
		return Sample{}, err
	}
	wall := time.Since(s.began)
	used, err := processorTime(s.pid())
	if err != nil {
		return Sample{}, err
	}
	return Sample{Wall: wall.Seconds(), CPU: used.Seconds(), RSS: memory(s.pid(), "VmHWM")}, nil
}
