package served

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// TestAnswersAreAsDescribed holds real answers against the description that is served with them.
func TestAnswersAreAsDescribed(t *testing.T) {
	x := busy(t)
	_, served := x.get("/api/v1/openapi.json")
	written, err := os.ReadFile("../openapi.json")
	x.must(err)
	if served != string(written) {
		t.Error("what is served is not openapi.json")
	}
	doc, err := openapi3.NewLoader().LoadFromData([]byte(served))
	x.must(err)
	x.must(doc.Validate(context.Background()))
	doc.Servers = openapi3.Servers{{URL: x.url}}
	router, err := gorillamux.NewRouter(doc)
	x.must(err)

	seen := map[string]bool{}
	f := func(method, path string, want int) {
		t.Helper()
		r, err := http.NewRequest(method, x.url+path, http.NoBody)
		x.must(err)
		find := r
		if method != http.MethodGet {
			find, err = http.NewRequest(http.MethodGet, x.url+path, http.NoBody) // only GET is described
			x.must(err)
		}
		route, params, err := router.FindRoute(find)
		if err != nil {
			t.Errorf("%s is not described: %v", path, err)
			return
		}
		input := &openapi3filter.RequestValidationInput{Request: find, PathParams: params, Route: route}
		if err := openapi3filter.ValidateRequest(context.Background(), input); (err == nil) != (want != http.StatusBadRequest) {
			t.Errorf("%s: asked in a way that is described: %v, and the answer should be %d", path, err, want)
		}
		response, err := http.DefaultClient.Do(r)
		x.must(err)
		body, err := io.ReadAll(response.Body)
		x.must(err)
		x.must(response.Body.Close())
		if response.StatusCode != want {
			t.Errorf("%s %s: %d, want %d: %s", method, path, response.StatusCode, want, body)
		}
		answer := &openapi3filter.ResponseValidationInput{RequestValidationInput: input, Status: response.StatusCode, Header: response.Header}
		answer.SetBodyBytes(body)
		if err := openapi3filter.ValidateResponse(context.Background(), answer); err != nil {
			t.Errorf("%s %s: %v\n%.2000s", method, path, err, body)
		}
		seen[route.Path] = true
	}
	f("GET", "/api/v1/errors", 200)
	f("GET", "/api/v1/errors?severity=critical&actor=account+owner&category=restore_account&family=IS&code=IS.4006&source=search&since=1h&sort=count&limit=1&q=frozen", 200)
	f("GET", "/api/v1/errors?code=APIG.0301", 200)
	f("GET", "/api/v1/errors?code=none", 200)
	f("GET", "/api/v1/errors?limit=0", 400)
	f("GET", "/api/v1/errors?sort=none", 400)
	f("GET", "/api/v1/codes?limit=1000", 200)
	f("GET", "/api/v1/codes?q=arrears&severity=critical", 200)
	f("GET", "/api/v1/codes?limit=5001", 400)
	f("GET", "/api/v1/events", 200)
	f("GET", "/api/v1/events?code=IS.4006&code=APIG.0301&until=2020-01-01T00:00:00Z", 200)
	f("GET", "/api/v1/events?limit=none", 400)
	f("GET", "/api/v1/openapi.json", 200)
	for _, path := range []string{"/api/v1/errors", "/api/v1/codes", "/api/v1/events"} {
		f("POST", path, 405)
	}
	for path := range doc.Paths.Map() {
		if !seen[path] {
			t.Errorf("%s is described and was not asked for", path)
		}
	}
	// A field that is not described has to be noticed, or all of this says nothing.
	r, err := http.NewRequest(http.MethodGet, x.url+"/api/v1/events", http.NoBody)
	x.must(err)
	route, params, err := router.FindRoute(r)
	x.must(err)
	answer := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: &openapi3filter.RequestValidationInput{Request: r, Route: route, PathParams: params}, Status: 200, Header: http.Header{"Content-Type": {"application/json"}},
	}
	answer.SetBodyBytes([]byte(`{"version":1,"time":"2026-03-05T12:00:00Z","details":{"shown":true},"total":0,"events":[],"more":1}`))
	if err := openapi3filter.ValidateResponse(context.Background(), answer); err == nil || !strings.Contains(err.Error(), "more") {
		t.Errorf("a field that is not described passes: %v", err)
	}
}

// TestStrangersAreToldHowToSeeMore asks the way a proxy does, which is for somebody else.
func TestStrangersAreToldHowToSeeMore(t *testing.T) {
	x := busy(t)
	for _, path := range []string{"/", "/codes/IS.4006", "/codes/IS.4006/ticket", "/api/v1/errors", "/api/v1/events"} {
		f := func(key, value string, shows bool) {
			t.Helper()
			r, err := http.NewRequest(http.MethodGet, x.url+path, http.NoBody)
			x.must(err)
			if key == "Host" {
				r.Host = value
			} else {
				r.Header.Set(key, value)
			}
			response, err := http.DefaultClient.Do(r)
			x.must(err)
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			x.must(err)
			if got := strings.Contains(string(body), "frozen-11"); got != shows || !shows && !strings.Contains(string(body), "--web.config.file") {
				t.Errorf("%s with %s: %s: request IDs are shown: %t, want %t: %.600s", path, key, value, got, shows, body)
			}
		}
		f("Accept", "*/*", true)
		f("Host", "localhost:14006", true)
		f("Host", "[::1]:14006", true)
		f("Host", "rebound.example.com", false)
		f("X-Forwarded-For", "192.0.2.1", false)
		f("Forwarded", "for=192.0.2.1", false)
		f("Via", "1.1 proxy", false)
	}
}
