package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"errcode_exporter/catalog"
)

// demoApp writes the log of an application that calls Huawei Cloud: mostly requests that went well, and errors in every
// form in which SDKs and loggers print them.
type demoApp struct {
	path  string
	keep  int // rotated logs
	file  *os.File
	codes []*catalog.Code
	n     int // lines written
	now   func() time.Time
}

// everyNthFails makes one line in ten an error, enough to see something happen at once.
const everyNthFails = 10

func newDemoApp(path string, cat *catalog.Catalog, keep int) *demoApp {
	a := &demoApp{path: path, keep: keep, now: time.Now}
	// One family after the other, so that all of them show up soon.
	byFamily := map[string][]*catalog.Code{}
	for _, c := range cat.Codes() {
		byFamily[c.Family] = append(byFamily[c.Family], c)
	}
	for i := range len(cat.Codes()) {
		for _, f := range cat.Families() {
			codes := byFamily[f.Name]
			a.codes = append(a.codes, codes[i%len(codes)])
		}
	}
	return a
}

// run writes a line per tick and rotates as often as asked, until ctx is done.
func (a *demoApp) run(ctx context.Context, perLine, rotate time.Duration) error {
	if err := a.open(); err != nil {
		return err
	}
	defer func() { a.file.Close() }()
	lines, rotations := time.NewTicker(perLine), time.NewTicker(rotate)
	defer lines.Stop()
	defer rotations.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-lines.C:
			if _, err := a.file.WriteString(a.line()); err != nil {
				return err
			}
		case <-rotations.C:
			if err := a.rotate(); err != nil {
				return err
			}
		}
	}
}

func (a *demoApp) open() error {
	file, err := os.OpenFile(a.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	a.file = file
	return err
}

// rotate moves the logs on as logrotate does with "create": app.log becomes app.log.1, and the oldest goes.
func (a *demoApp) rotate() error {
	numbered := func(n int) string { return fmt.Sprintf("%s.%d", a.path, n) }
	if a.keep == 0 {
		if err := os.Remove(a.path); err != nil {
			return err
		}
	}
	for n := a.keep; n > 0; n-- {
		from := numbered(n - 1)
		if n == 1 {
			from = a.path
		}
		if err := os.Rename(from, numbered(n)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := a.file.Close(); err != nil {
		return err
	}
	return a.open()
}

// line is what the application writes next: one line, or several for errors that are printed so.
func (a *demoApp) line() string {
	a.n++
	now := a.now()
	if a.n%everyNthFails != 0 {
		return a.ordinary(now)
	}
	nth := a.n / everyNthFails
	return a.failure(now, a.codes[nth%len(a.codes)], nth)
}

func (a *demoApp) ordinary(now time.Time) string {
	stamp := now.Format(time.RFC3339Nano)
	switch a.n % 4 {
	case 0:
		return fmt.Sprintf(`{"time":%q,"level":"info","msg":"image searched","instance":"shoes-v1.2","hits":%d,"took_ms":%d}`+"\n", stamp, rand.IntN(20), 5+rand.IntN(40))
	case 1:
		return fmt.Sprintf("%s INFO  [worker-%d] uploaded shoe-%d.4006.png to obs://images\n", now.Format("2006-01-02 15:04:05.000"), rand.IntN(4), a.n)
	case 2:
		return fmt.Sprintf("10.0.3.%d - - [%s] \"GET /v1/search?limit=20 HTTP/1.1\" 200 %d\n", rand.IntN(250), now.Format("02/Jan/2006:15:04:05 -0700"), 200+rand.IntN(900))
	default:
		return fmt.Sprintf("time=%q level=debug msg=\"token is good for another %dm\" host=search-7f9c.example.com\n", stamp, rand.IntN(1440))
	}
}

func (a *demoApp) failure(now time.Time, c *catalog.Code, nth int) string {
	id := fmt.Sprintf("%016x%016x", rand.Uint64(), rand.Uint64())
	message := firstLine(c.Message)
	if len(c.Causes) > 0 {
		message += " " + c.Causes[nth%len(c.Causes)].Words
	}
	body := fmt.Sprintf(`{"error_code":%q,"error_msg":%q,"request_id":%q}`, c.Name, message, id)
	clock := now.Format("2006-01-02 15:04:05.000")
	switch nth % 6 {
	case 0:
		return fmt.Sprintf(`{"time":%q,"level":"error","msg":"call failed","error_code":%q,"error_msg":%q,"request_id":%q}`+"\n", now.Format(time.RFC3339Nano), c.Name, message, id)
	case 1:
		return fmt.Sprintf(`{"time":%q,"level":"error","msg":"call failed","status":400,"body":%q}`+"\n", now.Format(time.RFC3339Nano), body)
	case 2:
		return fmt.Sprintf("%s - ERROR - ClientRequestException - {status_code:400,request_id:%s,error_code:%s,error_msg:%s}\n", strings.Replace(clock, ".", ",", 1), id, c.Name, message)
	case 3:
		return fmt.Sprintf("%s ERROR [worker-1] search failed: %s\n"+
			"com.huaweicloud.sdk.core.exception.ClientRequestException: %s %s\n\tat com.example.search.Client.call(Client.java:71)\n\trequestId: %s\n", clock, c.Name, c.Name, message, id)
	case 4:
		return fmt.Sprintf("%s ERROR answer of the service:\n{\n  \"error_msg\": %q,\n  \"error_code\": %q,\n  \"request_id\": %q\n}\n", clock, message, c.Name, id)
	default:
		return fmt.Sprintf("%s \x1b[31mERROR\x1b[0m 调用失败，错误码%s，%s request_id=%s\n", clock, c.Name, message, id)
	}
}
