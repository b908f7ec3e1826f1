package redact

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
)

// handler masks what a program says about itself.
type handler struct {
	inner slog.Handler
	r     *Redactor
}

// NewHandler returns a handler that masks the message and the attributes of each record and hands it to inner: values that are text,
// errors and whatever else prints as text, in groups too. A value whose key names a secret (password, token) is masked as
// a whole. Numbers, times and durations stay what they are, and a value with nothing to mask stays of its type.
func NewHandler(inner slog.Handler, r *Redactor) slog.Handler { return handler{inner, r} }

// Enabled asks the inner handler.
func (h handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.inner.Enabled(ctx, level)
}

// Handle masks the record.
func (h handler) Handle(ctx context.Context, record slog.Record) error {
	masked := slog.NewRecord(record.Time, record.Level, h.r.String(record.Message), record.PC)
	record.Attrs(func(a slog.Attr) bool {
		masked.AddAttrs(h.attr(a))
		return true
	})
	return h.inner.Handle(ctx, masked)
}

// WithAttrs masks the attributes once.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	masked := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		masked[i] = h.attr(a)
	}
	return handler{h.inner.WithAttrs(masked), h.r}
}

// WithGroup leaves the name as it is: it is the program's.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.inner.WithGroup(name), h.r} }

func (h handler) attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	if v.Kind() == slog.KindGroup {
		group := v.Group()
		masked := make([]slog.Attr, len(group))
		for i, member := range group {
			masked[i] = h.attr(member)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(masked...)}
	}
	return slog.Attr{Key: h.r.String(a.Key), Value: h.value(a.Key, v)}
}

func (h handler) value(key string, v slog.Value) slog.Value {
	for _, text := range texts(v) {
		if masked, changed := h.named(key, text); changed {
			return slog.StringValue(masked)
		}
		if masked := h.r.String(text); masked != text {
			return slog.StringValue(masked)
		}
	}
	return v
}

// named masks a text as a whole if its key names a secret.
func (h handler) named(key, text string) (masked string, changed bool) {
	if len(key) > 2*maxName || kept([]byte(text), Token) {
		return text, false
	}
	quiet := Redactor{} // this is about the key
	const probe = `="?"`
	line := quiet.String(key + probe)
	for k, m := range marks {
		if line == key+`="`+m+`"` {
			if text == m {
				return text, false
			}
			var c counts
			c[k] = 1
			h.r.tell(&c)
			return m, true
		}
	}
	return text, false
}

// texts returns how inner handlers may print a value; nothing for what cannot hold a secret.
func texts(v slog.Value) []string {
	switch v.Kind() {
	case slog.KindString:
		return []string{v.String()}
	case slog.KindAny:
	default:
		return nil
	}
	switch x := v.Any().(type) {
	case nil, *slog.Source, slog.Level:
		return nil
	case error:
		return []string{x.Error()}
	case []byte:
		return []string{string(x)}
	default:
		all := []string{fmt.Sprintf("%+v", x)}
		if text, err := json.Marshal(x); err == nil {
			all = append(all, string(text))
		}
		return all
	}
}
