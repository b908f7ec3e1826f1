package extract

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// plain are lines of the kinds that services write, none of which names a code.
var plain = []string{
	`2026-11-23 10:00:01.123  INFO 1 --- [nio-8080-exec-7] c.e.search.web.SearchController          : GET /v1/search?limit=20&offset=0 200 12.5ms`,
	`{"level":"info","ts":"2026-11-23T10:00:01.123Z","logger":"http","msg":"request done","method":"POST","path":"/v2/images","status":200,"took":0.0125}`,
	`10.0.3.17 - - [23/Nov/2026:10:00:01 +0000] "GET /healthz HTTP/1.1" 200 2 "-" "kube-probe/1.35"`,
	`level=debug msg="cache refreshed" entries=1842 version=v1.14.2 host=search-7f9c.example.com`,
	`time="2026-11-23T10:00:01Z" level=warning msg="slow query: 1.2345 s" component=store`,
}

// shapes are lines that name a code, one for each way of finding it.
var shapes = []struct{ name, line string }{
	{"json field", `{"level":"error","ts":"2026-11-23T10:00:01.123Z","msg":"call failed","error_code":"IS.4006","error_msg":"The account is frozen.","request_id":"8f2c1d5e9a7b4c3d8e6f0a1b2c3d4e5f"}`},
	{"json in json", `{"level":"error","msg":"call failed","body":"{\"error_msg\":\"Incorrect IAM authentication information: decrypt token fail\",\"error_code\":\"APIG.0301\",\"request_id\":\"8f2c1d5e9a7b4c3d8e6f0a1b2c3d4e5f\"}"}`},
	{"text", `2026-11-23 10:00:01.123 ERROR [worker-3] search failed: IS.4006 The account is frozen. request_id=8f2c1d5e9a7b4c3d8e6f0a1b2c3d4e5f`},
	{"text with escapes", `2026-11-23 10:00:01.123 ERROR body="{\"error_code\":\"IS.4006\",\n\"error_msg\":\"frozen\",\"request_id\":\"8f2c1d5e9a7b4c3d8e6f0a1b2c3d4e5f\"}"`},
	{"python sdk", `2026-11-23 10:00:01,123 - ERROR - ClientRequestException - {status_code:400,request_id:8f2c1d5e9a7b4c3d8e6f0a1b2c3d4e5f,error_code:IS.0021,error_msg:The token has expired.}`},
	{"cri", `2026-11-23T10:00:01.123456789Z stdout F {"level":"error","error_code":"ModelArts.4106","request_id":"8f2c1d5e9a7b4c3d8e6f0a1b2c3d4e5f"}`},
	{"docker", `{"log":"{\"level\":\"error\",\"error_code\":\"ModelArts.4106\",\"request_id\":\"8f2c1d5e9a7b4c3d8e6f0a1b2c3d4e5f\"}\n","stream":"stdout","time":"2026-11-23T10:00:01.123456789Z"}`},
}

const benchBlock = 256 << 10

// block repeats plain lines, every so many lines one of the shapes, up to the size of a block.
func block(every int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < benchBlock; i++ {
		if every > 0 && i%every == every-1 {
			b.WriteString(shapes[i/every%5].line)
		} else {
			b.WriteString(plain[i%len(plain)])
		}
		b.WriteByte('\n')
	}
	return b.Bytes()
}

func wrapCRI(data []byte) []byte {
	var b bytes.Buffer
	for line := range bytes.Lines(data) {
		fmt.Fprintf(&b, "2026-11-23T10:00:01.123456789Z stdout F %s", line)
	}
	return b.Bytes()
}

func benchStream(b *testing.B, o Options, data []byte) {
	b.Helper()
	x, err := New(loadCatalog(b), o)
	if err != nil {
		b.Fatal(err)
	}
	codes := 0
	s := x.NewStream(func(e *Event) { codes += len(e.Findings) })
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for offset := int64(0); b.Loop(); offset += int64(len(data)) {
		s.Block(Block{Data: data, Offset: offset})
	}
	b.ReportMetric(float64(codes)/float64(b.N), "codes/op")
}

func BenchmarkBlock(b *testing.B) {
	for _, c := range []struct {
		name  string
		every int
	}{{"without codes", 0}, {"1 % of lines", 100}, {"20 % of lines", 5}, {"every line", 1}} {
		data := block(c.every)
		b.Run(c.name, func(b *testing.B) { benchStream(b, Options{}, data) })
		b.Run("cri "+c.name, func(b *testing.B) { benchStream(b, Options{}, wrapCRI(data)) })
	}
}

func BenchmarkLine(b *testing.B) {
	for _, s := range shapes {
		b.Run(s.name, func(b *testing.B) { benchStream(b, Options{}, []byte(s.line+"\n")) })
	}
	b.Run("1 MiB", func(b *testing.B) {
		long := `{"level":"error","error_code":"IS.4006","body":"` + strings.Repeat("lorem ipsum 1.5 ", 1<<16) + `"}` + "\n"
		benchStream(b, Options{}, []byte(long))
	})
}
