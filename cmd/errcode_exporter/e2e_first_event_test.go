package main

import (
	"encoding/json"
	"testing"
)

// TestE2EEveryListedCodeIsThereBeforeAnyEvent reads /metrics before anything was written: an alert on increase() needs
// the zero that comes before the first event.
func TestE2EEveryListedCodeIsThereBeforeAnyEvent(t *testing.T) {
	endToEnd(t)
	list := startProgram(t, "codes", "--format=json")
	list.exits(exitFine)
	var codes []struct{ Code, Family, Category string }
	if err := json.Unmarshal([]byte(list.stdout.String()), &codes); err != nil {
		t.Fatal(err)
	}
	if len(codes) != 145 {
		t.Errorf("%d codes are listed, want 145", len(codes))
	}

	log := newAppLog(t)
	x := serve(t, log.path) // the file is not there yet
	for _, m := range []exposed{x.metrics(nil), x.metrics(asScrape)} {
		for _, c := range codes {
			series := m.with(errorsTotal, "code", c.Code, "family", c.Family, "category", c.Category, "source", "default")
			if len(series) != 1 || series[0].GetCounter().GetValue() != 0 {
				t.Errorf("%s, %s: %v, want one series at 0", c.Code, c.Category, series)
			}
		}
		if sum := m.sum(errorsTotal); sum != 0 {
			t.Errorf("%v events before the first", sum)
		}
	}

	log.create()
	log.events("IS.4006", 1)
	x.until("the first event is counted", func() bool { return x.counted("IS.4006") == 1 })
	x.isCounted(log)
	if seen := x.metrics(nil).with("huaweicloud_api_error_last_seen_timestamp_seconds", "code", "IS.4006"); len(seen) != 1 {
		t.Errorf("the code was last seen: %v, want one time", seen)
	}
}
