package redact

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/slogtest"
	"time"
)

const hush = "hunter2hunter2"

type credentials struct {
	User     string
	Password string
}

type config struct {
	Login *credentials
}

type secretive struct{}

func (secretive) LogValue() slog.Value { return slog.StringValue("password=" + hush) }

// TestHandlerMasks logs a secret in every way there is, through both handlers that come with Go.
func TestHandlerMasks(t *testing.T) {
	var out bytes.Buffer
	seen := map[Kind]int{}
	r := New(Options{Count: func(kind Kind, n int) { seen[kind] += n }})
	both := map[string]slog.Handler{
		"text": slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}),
		"json": slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}),
	}
	f := func(name string, want string, log func(l *slog.Logger)) {
		t.Helper()
		for kind, inner := range both {
			out.Reset()
			log(slog.New(NewHandler(inner, r)))
			if text := out.String(); leak(text, hush) != "" || !strings.Contains(text, want) {
				t.Errorf("%s, %s: want %q and no secret: %s", name, kind, want, text)
			}
		}
	}
	f("message", "login [masked", func(l *slog.Logger) { l.Info("login [masked token] password=" + hush) })
	f("string", "[masked password]", func(l *slog.Logger) { l.Info("m", "url", "https://gallery:"+hush+"@example.com") })
	f("error", "cannot dial", func(l *slog.Logger) { l.Error("m", "err", errors.New("cannot dial amqp://u:"+hush+"@mq")) })
	f("joined errors", "[masked", func(l *slog.Logger) {
		l.Error("m", "err", errors.Join(errors.New("one"), errors.New("token: \""+hush+"\"")))
	})
	f("key", "[masked password]", func(l *slog.Logger) { l.Info("m", "password", hush) })
	f("key of a number", "[masked token]", func(l *slog.Logger) { l.Info("m", "X-Auth-Token", []byte(hush)) })
	f("struct", "[masked password]", func(l *slog.Logger) { l.Info("m", "login", credentials{"gallery", hush}) })
	f("pointer in a struct", "[masked password]", func(l *slog.Logger) { l.Info("m", "config", config{&credentials{"gallery", hush}}) })
	f("header", "[masked token]", func(l *slog.Logger) { l.Info("m", "header", http.Header{"X-Auth-Token": {hush}}) })
	f("group", "[masked password]", func(l *slog.Logger) { l.Info("m", slog.Group("a", slog.Group("b", slog.String("pwd", hush)))) })
	f("with", "[masked access_key]", func(l *slog.Logger) { l.With("sk", hush).Info("m") })
	f("with group", "[masked access_key]", func(l *slog.Logger) { l.WithGroup("g").With("sk", hush).Info("m") })
	f("log valuer", "[masked password]", func(l *slog.Logger) { l.Info("m", "v", secretive{}) })
	if seen[Password] == 0 || seen[Token] == 0 || seen[AccessKey] == 0 {
		t.Errorf("counted %v", seen)
	}
}

func TestHandlerLeavesTheRest(t *testing.T) {
	var out bytes.Buffer
	l := slog.New(NewHandler(slog.NewJSONHandler(&out, nil), &Redactor{}))
	l.Info("Reading ended", "err", errors.New("EOF"), "lines", 7, "took", time.Second, "ok", true, "list", []string{"a"}, "token", "")
	for _, want := range []string{`"err":"EOF"`, `"lines":7`, `"took":1000000000`, `"ok":true`, `"list":["a"]`, `"token":""`} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%s is missing: %s", want, out.String())
		}
	}
	if NewHandler(slog.NewJSONHandler(&out, nil), &Redactor{}).Enabled(context.Background(), slog.LevelDebug) {
		t.Error("debug is enabled although the inner handler does not want it")
	}
}

// TestHandlerIsAHandler runs the checks that come with Go.
func TestHandlerIsAHandler(t *testing.T) {
	var out bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		out.Reset()
		return NewHandler(slog.NewJSONHandler(&out, nil), &Redactor{})
	}, func(t *testing.T) map[string]any { return parseJSON(t, out.Bytes()) })
}
