package redact

import (
	"bufio"
	"encoding/json"
	"os"
	"strings"
	"testing"
)

// secretRow is a text with secrets in it, all of them made up.
type secretRow struct {
	Name    string   `json:"name"`
	Text    string   `json:"text"`
	Secrets []string `json:"secrets"` // not even 8 bytes in a row of any may be left
	Survive []string `json:"survive"` // what must be left
}

type harmlessRow struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

func readRows[T any](t testing.TB, path string) []T {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var rows []T
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var row T
		dec := json.NewDecoder(strings.NewReader(lines.Text()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&row); err != nil {
			t.Fatalf("%s:%d: %v", path, len(rows)+1, err)
		}
		rows = append(rows, row)
	}
	if err := lines.Err(); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}

// leak returns 8 consecutive bytes of a secret (all of it, if it is shorter) that are in text, or "".
func leak(text, secret string) string {
	n := min(8, len(secret))
	for i := 0; i+n <= len(secret); i++ {
		if strings.Contains(text, secret[i:i+n]) {
			return secret[i : i+n]
		}
	}
	return ""
}

func TestSecretsDoNotSurvive(t *testing.T) {
	rows := readRows[secretRow](t, "testdata/secrets.jsonl")
	if len(rows) < 80 {
		t.Errorf("%d rows, want at least 80", len(rows))
	}
	var r Redactor
	seen := map[string]bool{}
	for _, row := range rows {
		if seen[row.Name] {
			t.Errorf("%s: there are two of that name", row.Name)
		}
		seen[row.Name] = true
		masked := r.String(row.Text)
		for _, secret := range row.Secrets {
			if !strings.Contains(row.Text, secret) {
				t.Errorf("%s: the text does not hold the secret %q", row.Name, secret)
			}
			if left := leak(masked, secret); left != "" {
				t.Errorf("%s: %q is left of a secret:\n%s", row.Name, left, masked)
			}
		}
		for _, want := range row.Survive {
			if !strings.Contains(masked, want) {
				t.Errorf("%s: %q is gone:\n%s", row.Name, want, masked)
			}
		}
		if again := r.String(masked); again != masked {
			t.Errorf("%s: masked twice\n%s\nonce\n%s", row.Name, again, masked)
		}
	}
}

func TestHarmlessTextStays(t *testing.T) {
	rows := readRows[harmlessRow](t, "testdata/harmless.jsonl")
	if len(rows) < 60 {
		t.Errorf("%d rows, want at least 60", len(rows))
	}
	var r Redactor
	for _, row := range rows {
		if masked := r.String(row.Text); masked != row.Text {
			t.Errorf("%s: got\n%s\nwant\n%s", row.Name, masked, row.Text)
		}
	}
}
