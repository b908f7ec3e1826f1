// Screenshots runs an exporter over the logs of an incident and takes pictures of its pages in a real browser: light, dark, and on a phone.
//
//	go run ./screenshots EXPORTER FOLDER
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: screenshots EXPORTER FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		fmt.Fprintln(os.Stderr, "screenshots:", err)
		os.Exit(1)
	}
}

func run(exporter, folder string) error {
	dir, err := os.MkdirTemp("", "errcode_exporter-screenshots-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := incident(dir, time.Now()); err != nil {
		return err
	}
	url, stop, err := serve(exporter, dir)
	if err != nil {
		return err
	}
	defer stop()
	return shoot(url, folder)
}

// incident writes the logs of three applications: an account that is frozen since a quarter of an hour, on top of what is always there.
func incident(dir string, now time.Time) error {
	r := rand.New(rand.NewPCG(1, 2)) // the same picture each time
	logs := map[string]*strings.Builder{"search-api": {}, "image-import": {}, "training": {}}
	line := func(source string, ago time.Duration, text string) {
		fmt.Fprintf(logs[source], "%s %s\n", now.Add(-ago).Format("2006-01-02 15:04:05.000"), text)
	}
	failure := func(source string, ago time.Duration, code, message string) {
		line(source, ago, fmt.Sprintf(`ERROR ClientRequestException - {status_code:400,request_id:%016x%016x,error_code:%s,error_msg:%s} X-Auth-Token: MIIDkgYJKoZIhvcNAQcCoIIDgzCCA38C`, r.Uint64(), r.Uint64(), code, message))
	}
	for ago := 59 * time.Minute; ago > 0; ago -= 10 * time.Second {
		minute := ago.Minutes()
		if minute < 14 && r.IntN(3) > 0 {
			failure("search-api", ago, "IS.4006", "The account is frozen.")
			if r.IntN(2) == 0 {
				failure("image-import", ago, "IS.4006", "The account is frozen.")
			}
		}
		if minute > 14 && r.Float64() < 0.15+0.3*min(1, 20/minute) {
			failure("search-api", ago, "APIG.0308", "The throttling threshold has been reached")
		}
		if r.IntN(25) == 0 {
			failure("image-import", ago, "IS.2002", "The image size is not supported.")
		}
		if minute > 35 && minute < 44 {
			failure("training", ago, "APIG.0301", "Incorrect IAM authentication information: token expires")
		}
		if minute < 3 && r.IntN(6) == 0 {
			failure("training", ago, "ModelArts.4999", "internal")
		}
		line("search-api", ago, "INFO image searched")
		line("training", ago, "INFO step done")
		line("image-import", ago, "INFO image imported")
	}
	failure("training", 3*time.Hour, "ModelArts.4101", "The token is invalid.")
	var config strings.Builder
	config.WriteString("sources:\n")
	for _, name := range []string{"image-import", "search-api", "training", "billing"} {
		path := filepath.Join(dir, name+".log")
		fmt.Fprintf(&config, "  - {name: %s, paths: [%s], start_at: beginning}\n", name, path)
		if log, ok := logs[name]; ok { // billing has no log
			if err := os.WriteFile(path, []byte(log.String()), 0o600); err != nil {
				return err
			}
		}
	}
	return os.WriteFile(filepath.Join(dir, "errcode_exporter.yml"), []byte(config.String()), 0o600)
}

// output is what the exporter prints.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}

var listening = regexp.MustCompile(`msg="Listening on" address=(127\.0\.0\.1:\d+)`)

// serve starts the exporter and waits until it has read everything.
func serve(exporter, dir string) (url string, stop func(), err error) {
	var said output
	cmd := exec.Command(exporter, "serve", "--config.file="+filepath.Join(dir, "errcode_exporter.yml"), "--checkpoint.path="+filepath.Join(dir, "checkpoint.json"), "--web.listen-address=127.0.0.1:0", "--grafana.url=https://grafana.example.com")
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = cmd.Process.Signal(os.Interrupt) // it may be gone
		_ = cmd.Wait()
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if m := listening.FindStringSubmatch(said.String()); len(m) == 2 && ready("http://"+m[1]) {
			return "http://" + m[1], stop, nil
		}
	}
	stop()
	return "", nil, fmt.Errorf("%s is never ready: %s", exporter, said.String())
}

func ready(url string) bool {
	response, err := http.Get(url + "/-/ready")
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err == nil && response.StatusCode == http.StatusOK
}

// picture is one of a page. Without a height it is as long as the page.
type picture struct {
	file, path, scheme string
	width, height      int64
}

func shoot(url, folder string) error {
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true), chromedp.Flag("hide-scrollbars", true))
	if path := os.Getenv("CHROMIUM"); path != "" {
		options = append(options, chromedp.ExecPath(path))
	}
	allocator, cancel := chromedp.NewExecAllocator(context.Background(), options...)
	defer cancel()
	ctx, cancel := chromedp.NewContext(allocator)
	defer cancel()
	for _, p := range []picture{
		{"page-now-light.png", "/", "light", 1280, 0},
		{"page-now-dark.png", "/", "dark", 1280, 0},
		{"page-now-phone.png", "/", "light", 390, 1700},
		{"page-code-light.png", "/codes/IS.4006", "light", 1280, 1500},
		{"page-code-dark.png", "/codes/IS.4006", "dark", 1280, 1500},
		{"page-code-phone.png", "/codes/IS.4006", "dark", 390, 1700},
	} {
		if err := p.take(ctx, url, folder); err != nil {
			return fmt.Errorf("%s: %w", p.file, err)
		}
		fmt.Println(filepath.Join(folder, p.file))
	}
	return nil
}

func (p picture) take(ctx context.Context, url, folder string) error {
	if err := chromedp.Do(ctx, chromedp.EmulateViewport(p.width, max(p.height, 900))); err != nil {
		return err
	}
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: p.scheme}, {Name: "prefers-reduced-motion", Value: "reduce"},
	}})
	if err != nil {
		return err
	}
	if err := chromedp.Do(ctx, chromedp.Navigate(url+p.path)); err != nil {
		return err
	}
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		live, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`document.getElementById('live').textContent === 'Live'`))
		if err != nil {
			return err
		}
		if live {
			break
		}
		if time.Now().After(deadline) {
			return errors.New("the page never comes to life")
		}
	}
	take := chromedp.FullScreenshot(100)
	if p.height > 0 {
		take = chromedp.CaptureScreenshot()
	}
	png, err := chromedp.Run(ctx, take)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(folder, p.file), png, 0o644)
}
