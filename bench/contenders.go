package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"errcode_exporter/bench/logs"
)

// contender is a program, and a way to use it, that counts the codes in files, or at least lines.
type contender struct {
	name string
	slow bool // takes seconds for 100 MB: is run less often
	peer bool // is measured in a few cases only
	one  bool // reads only the first of several files
	run  func(files []string, truth logs.Truth) (Sample, error)
}

// The names of those that ratios are made with.
const (
	wcName, grepName, naiveName       = "wc -l", "grep -cE", "naive Go: bufio, regexp"
	scanName, serveName               = "scan", "serve, catching up"
	scanOne, serveOne                 = "scan, one file on one core", "serve, one file"
	ripgrepName, nxadmName, mtailName = "ripgrep", "nxadm/tail, regexp", "mtail"
)

// mtailProgram counts the codes in mtail's language.
const mtailProgram = `counter codes by code
/(?P<code>\b(?:(?:IS|APIGW?)\.[0-9]{4}|ModelArts\.[0-9]{4,8})\b)/ {
  codes[$code]++
}
`

// contenders are those that can be run on this machine.
func (b *bench) contenders() ([]contender, error) {
	command := func(argv []string, check func([]byte, logs.Truth) error) func([]string, logs.Truth) (Sample, error) {
		return func(files []string, truth logs.Truth) (Sample, error) {
			done, err := run(append(argv[:len(argv):len(argv)], files...))
			if err == nil {
				err = check(done.stdout, truth)
			}
			if err == nil && done.status != 0 && truth.Matched+truth.Lookalikes > 0 {
				err = fmt.Errorf("exit status %d", done.status)
			}
			return done.Sample, err
		}
	}
	scan := command([]string{b.exporter, "scan", "--format=json"}, checkScan)
	all := []contender{
		{name: wcName, run: command([]string{"wc", "-l"}, checkWC)},
		{name: grepName, run: command([]string{"grep", "-hcE", logs.Loose}, checkLines)},
	}
	if path, err := exec.LookPath("rg"); err == nil {
		all = append(all, contender{name: ripgrepName, run: command([]string{path, "--no-config", "-Ic", logs.Loose}, checkLines)})
	}
	all = append(all,
		contender{name: scanName, run: scan},
		contender{name: serveName, run: b.catchUp},
		contender{name: scanOne, one: true, run: command([]string{"env", "GOMAXPROCS=1", b.exporter, "scan", "--format=json"}, checkScan)},
		contender{name: serveOne, one: true, run: b.catchUp},
		contender{name: naiveName, slow: true, run: command([]string{b.program("naive")}, checkCodes)},
		contender{name: nxadmName, slow: true, peer: true, run: command([]string{b.program("nxadm")}, checkCodes)},
	)
	if path, err := exec.LookPath("mtail"); err == nil {
		program := filepath.Join(b.work, "codes.mtail")
		if err := os.WriteFile(program, []byte(mtailProgram), 0o644); err != nil {
			return nil, err
		}
		mtail := func(files []string, truth logs.Truth) (Sample, error) {
			argv := []string{path, "--one_shot", "--one_shot_format=prometheus", "--port=0", "--address=127.0.0.1", "--progs=" + program}
			return command(argv, checkMtail)(prefixed("--logs=", files), truth)
		}
		all = append(all, contender{name: mtailName, slow: true, peer: true, run: mtail})
	}
	return all, nil
}

func prefixed(prefix string, words []string) []string {
	var all []string
	for _, w := range words {
		all = append(all, prefix+w)
	}
	return all
}

// differ says how counts differ from the truth, nil if they do not.
func differ(counts, truth map[string]int64) error {
	if maps.Equal(counts, truth) {
		return nil
	}
	var wrong []string
	for code, n := range truth {
		if counts[code] != n {
			wrong = append(wrong, fmt.Sprintf("%s %d instead of %d", code, counts[code], n))
		}
	}
	for code, n := range counts {
		if _, ok := truth[code]; !ok {
			wrong = append(wrong, fmt.Sprintf("%s %d instead of 0", code, n))
		}
	}
	return fmt.Errorf("counts are not the truth: %s", strings.Join(wrong[:min(len(wrong), 5)], ", "))
}

func checkWC(stdout []byte, truth logs.Truth) error {
	lines := strings.Split(strings.TrimSpace(string(stdout)), "\n")
	fields := strings.Fields(lines[len(lines)-1]) // the only file, or the total
	if len(fields) == 0 || fields[0] != strconv.FormatInt(truth.Lines, 10) {
		return fmt.Errorf("says %q, there are %d lines", stdout, truth.Lines)
	}
	return nil
}

// checkLines adds up lines of numbers.
func checkLines(stdout []byte, truth logs.Truth) error {
	sum := int64(0)
	for _, field := range strings.Fields(string(stdout)) {
		n, err := strconv.ParseInt(field, 10, 64)
		if err != nil {
			return err
		}
		sum += n
	}
	if want := truth.Matched + truth.Lookalikes; sum != want {
		return fmt.Errorf("finds %d lines, there are %d", sum, want)
	}
	return nil
}

func checkCodes(stdout []byte, truth logs.Truth) error {
	var counts map[string]int64
	if err := json.Unmarshal(stdout, &counts); err != nil {
		return err
	}
	return differ(counts, truth.Codes)
}

func checkScan(stdout []byte, truth logs.Truth) error {
	var report struct {
		Lines   int64 `json:"lines"`
		Matched int64 `json:"matched_lines"`
		Codes   []struct {
			Code  string `json:"code"`
			Count int64  `json:"count"`
		} `json:"codes"`
	}
	if err := json.Unmarshal(stdout, &report); err != nil {
		return err
	}
	if report.Lines != truth.Lines || report.Matched != truth.Matched {
		return fmt.Errorf("counts %d lines, %d with codes; there are %d and %d", report.Lines, report.Matched, truth.Lines, truth.Matched)
	}
	counts := map[string]int64{}
	for _, c := range report.Codes {
		counts[c.Code] += c.Count
	}
	return differ(counts, truth.Codes)
}

func checkMtail(stdout []byte, truth logs.Truth) error {
	return differ(parseExposition(stdout).by("codes", "code"), truth.Codes)
}
