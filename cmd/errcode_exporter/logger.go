package main

import (
	"log/slog"

	"github.com/prometheus/common/promslog"

	"errcode_exporter/redact"
)

// logger returns the program's own log. What it says comes from log files, paths and addresses too, so secrets are masked in it.
func (p *program) logger() *slog.Logger {
	return slog.New(redact.NewHandler(promslog.New(&p.log).Handler(), &p.redactor))
}
