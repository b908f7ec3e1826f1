package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestE2EPromtoolHasNothingToSay gives promtool what is served, with events of all kinds in it.
func TestE2EPromtoolHasNothingToSay(t *testing.T) {
	endToEnd(t)
	promtool := needs(t, "promtool")
	log := newAppLog(t)
	x := serve(t, log.path)
	log.create()
	for _, code := range []string{"IS.4006", "APIG.0301", "APIGW.0101", "ModelArts.0103", "IS.9876", "ModelArts.99999999"} {
		log.events(code, 10)
	}
	log.write("\xff\xfe not UTF-8, " + strings.Repeat("and too long ", 100_000) + "\n{\"cut\": \"off\n")
	x.isCounted(log)

	check := exec.Command(promtool, "check", "metrics")
	check.Stdin = strings.NewReader(x.get("/metrics", nil).body)
	if out, err := check.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("promtool check metrics: %v\n%s", err, out)
	}
}
