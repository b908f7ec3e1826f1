package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// readme returns the fenced blocks of the README in one language, in order.
func readme(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, m := range regexp.MustCompile("(?ms)^```"+language+"\n(.*?)^```$").FindAllSubmatch(text, -1) {
		blocks = append(blocks, string(m[1]))
	}
	return blocks
}

// Every command in the README runs, and prints what the README says.
func TestReadme(t *testing.T) {
	folder := t.TempDir()
	var config string
	for _, block := range readme(t, "yaml") {
		if strings.HasPrefix(block, "sources:") {
			config = block
		}
	}
	write(t, filepath.Join(folder, "errcode_exporter.yml"), config)
	script, err := os.ReadFile("testdata/script/scan_table.txtar")
	if err != nil {
		t.Fatal(err)
	}
	_, log, _ := strings.Cut(string(script), "-- app.log --\n")
	log, _, _ = strings.Cut(log, "-- want --\n")
	write(t, filepath.Join(folder, "app.log"), log)

	commands := 0
	for _, block := range readme(t, "console") {
		command, output := "", ""
		for line := range strings.Lines(block) {
			if c, ok := strings.CutPrefix(line, "$ "); ok {
				commands += runReadme(t, folder, command, output)
				command, output = strings.TrimSpace(c), ""
				continue
			}
			output += line
		}
		commands += runReadme(t, folder, command, output)
	}
	if commands < 6 {
		t.Errorf("the README has %d commands", commands)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// runReadme runs one command and compares what it prints; it returns how many it ran.
func runReadme(t *testing.T, folder, command, output string) int {
	t.Helper()
	words := strings.Fields(strings.ReplaceAll(command, "'", ""))
	switch {
	case command == "":
		return 0
	case command == "make test":
		// It is what runs this test. That the target exists is checked with the Makefile.
		return 1
	case command == "go run ./cmd/errcode_exporter demo":
		if testing.Short() {
			return 1
		}
		cmd := exec.Command(words[0], append(words[1:], "--web.listen-address=127.0.0.1:0")...)
		cmd.Dir = "../.."
		untilListening(t, command, cmd)
		return 1
	case words[0] != name:
		t.Errorf("the README has a command that no test runs: %s", command)
		return 0
	}
	exe, err := exec.LookPath(name) // the test binary itself under the program's name
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(exe, words[1:]...)
	cmd.Dir = folder
	cmd.Env = append(os.Environ(), "NO_COLOR=1")
	if words[1] == "serve" {
		cmd.Args = append(cmd.Args, "--web.listen-address=127.0.0.1:0", "--checkpoint.path="+filepath.Join(t.TempDir(), "checkpoint.json"))
		untilListening(t, command, cmd)
		return 1
	}
	got, err := cmd.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s", command, err, got)
	}
	if output = strings.TrimRight(output, "\n"); output != "" && strings.TrimRight(string(got), "\n") != output {
		t.Errorf("%s\nprints\n%s\nin the README\n%s", command, got, output)
	}
	return 1
}

// untilListening starts a command, waits until it listens, interrupts the program, and wants it to end well.
func untilListening(t *testing.T, command string, cmd *exec.Cmd) {
	t.Helper()
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	interrupt := func() { _ = syscall.Kill(programOf(cmd.Process.Pid), syscall.SIGINT) }
	giveUp := time.AfterFunc(2*time.Minute, func() {
		_ = syscall.Kill(programOf(cmd.Process.Pid), syscall.SIGKILL)
		_ = cmd.Process.Kill()
	})
	defer giveUp.Stop()
	var said bytes.Buffer
	buf := make([]byte, 4096)
	for listening := false; ; {
		n, err := stderr.Read(buf)
		said.Write(buf[:n])
		if !listening && bytes.Contains(said.Bytes(), []byte("Listening on")) {
			listening = true
			interrupt()
		}
		if err != nil {
			if !listening {
				t.Errorf("%s never listens:\n%s", command, said.String())
			}
			break
		}
	}
	if err := cmd.Wait(); err != nil {
		t.Errorf("%s: %v\n%s", command, err, said.String())
	}
}

// programOf returns the process that go run started, or the process itself. The go command, if it is interrupted too, exits
// with 1 whatever its program exits with.
func programOf(pid int) int {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return pid
	}
	for _, task := range tasks {
		children, err := os.ReadFile(task)
		if err != nil {
			continue // a thread that has ended
		}
		for _, f := range strings.Fields(string(children)) {
			if child, err := strconv.Atoi(f); err == nil {
				return child
			}
		}
	}
	return pid
}

// The alert rule in the README is one that Prometheus takes.
func TestReadmeRule(t *testing.T) {
	if testing.Short() {
		t.Skip("needs promtool")
	}
	for _, block := range readme(t, "yaml") {
		if !strings.HasPrefix(block, "groups:") {
			continue
		}
		rules := filepath.Join(t.TempDir(), "rules.yml")
		write(t, rules, block)
		if out, err := exec.Command("promtool", "check", "rules", rules).CombinedOutput(); err != nil {
			t.Errorf("promtool check rules (make install-test-deps installs it): %v\n%s", err, out)
		}
		return
	}
	t.Error("the README has no rule")
}
