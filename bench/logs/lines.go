package logs

// Words that lines are put together from.
var (
	packages = [...]string{"search.SearchService.query", "index.FeatureIndex.nearest", "web.ImageController.upload", "store.ObsClient.put", "queue.Worker.run"}
	paths    = [...]string{"/v1/0a1b2c3d4e5f/gallery/shoes/search", "/v2/images/batch", "/v1/projects/cn-north-4/services", "/healthz", "/v1/0a1b2c3d4e5f/gallery/bags-2026.1/images"}
	hosts    = [...]string{"search-7f9c5d8b6-x2x4q.gallery.svc", "10.32.4.17:8443", "imagesearch.cn-north-4.myhuaweicloud.com", "obs.cn-east-3.myhuaweicloud.com", "cache-0.cache.gallery.svc"}
	agents   = [...]string{"kube-probe/1.35", "okhttp/4.12.0", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36", "python-requests/2.32.3"}
	remarks  = [...]string{
		"uploaded shoe-1.4006.png to obs://images", "cache refreshed, version v1.14.2", "model resnet50-v1.2 loaded, 97.4 MB", "no change since yesterday", "retry 1 of 3",
		"disk 71.2 % used on nvme0n1", "index gallery-shoes has 184201 features", "health check passed", "queue drained in 12.041589 s", "token is good for another 1312 min",
		"connection pool: 12 active, 4 idle, 0 waiting", "feature flag new-ranking is on for 5 % of tenants", "leader election: still the leader", "image resized to 1024x768",
	}
	// Rare, as in life.
	lookalikes = [...]string{"moderation answered AIS.0104, not ours", "build IS.40067 is up to date", "see THIS.4006 in the handbook"}
)

func (g *generator) pick(words []string) string { return words[g.below(len(words))] }

func (g *generator) remark() string {
	if g.below(1000) == 0 {
		g.lookalikes++
		return g.pick(lookalikes[:])
	}
	return g.pick(remarks[:])
}

// jsonLine is an object that names no code.
func (g *generator) jsonLine(b []byte) []byte {
	switch g.below(4) {
	case 0: // zap
		b = append(append(b, `{"level":"info","ts":"`...), g.iso...)
		b = append(g.millis(b, '.'), `Z","logger":"http","caller":"web/log.go:71","msg":"request done","method":"POST","path":"`...)
		b = append(append(b, g.pick(paths[:])...), `","status":200,"bytes":`...)
		b = append(g.number(b, 180, 90000), `,"took":0.0`...)
		b = append(g.number(b, 1000, 99999), `,"trace_id":"`...)
		b = append(g.id(b, 32), `"}`...)
	case 1: // logstash encoder
		b = append(append(b, `{"@timestamp":"`...), g.iso...)
		b = append(g.millis(b, '.'), `+00:00","@version":"1","message":"`...)
		b = append(append(b, g.remark()...), `","logger_name":"com.example.gallery.`...)
		b = append(append(b, g.pick(packages[:])...), `","thread_name":"worker-`...)
		b = append(g.number(b, 1, 16), `","level":"INFO","level_value":20000,"host":"`...)
		b = append(append(b, g.pick(hosts[:])...), `"}`...)
	case 2: // an access log
		b = append(append(b, `{"time":"`...), g.iso...)
		b = append(g.millis(b, '.'), `Z","remote_addr":"10.0.`...)
		b = append(g.number(b, 0, 255), '.')
		b = append(g.number(b, 1, 254), `","request":"GET `...)
		b = append(append(b, g.pick(paths[:])...), `?limit=20&offset=`...)
		b = append(g.number(b, 0, 5000), ` HTTP/1.1","status":"200","body_bytes_sent":"`...)
		b = append(g.number(b, 120, 40000), `","http_user_agent":"`...)
		b = append(append(b, g.pick(agents[:])...), `","upstream_response_time":"0.`...)
		b = append(digits(b, g.below(1000), 3), `","request_id":"`...)
		b = append(g.id(b, 32), `"}`...)
	default: // pino
		b = append(b, `{"level":30,"time":17724`...)
		b = append(digits(b, g.below(1_000_000_000), 9), `,"pid":7,"hostname":"`...)
		b = append(append(b, g.pick(hosts[:])...), `","name":"gallery","score":0.`...)
		b = append(digits(b, g.below(10000), 4), `,"hits":`...)
		b = append(g.number(b, 0, 20), `,"msg":"image searched: `...)
		b = append(append(b, g.remark()...), `"}`...)
	}
	return b
}

// textLine is a line of text that names no code.
func (g *generator) textLine(b []byte) []byte {
	switch g.below(5) {
	case 0: // Spring
		b = append(g.millis(append(b, g.clock...), '.'), "  INFO 7 --- [nio-8080-exec-"...)
		b = append(g.number(b, 1, 20), "] c.e.gallery.search.SearchController      : POST "...)
		b = append(append(b, g.pick(paths[:])...), " 200 in "...)
		b = append(g.number(b, 3, 900), ".4 ms, "...)
		b = append(append(b, g.remark()...), " requestId="...)
		b = g.id(b, 32)
	case 1: // nginx
		b = append(g.number(append(b, "10.0."...), 0, 255), '.')
		b = append(g.number(b, 1, 254), " - - ["...)
		b = append(append(b, g.access...), `] "GET `...)
		b = append(append(b, g.pick(paths[:])...), `?limit=20 HTTP/1.1" 200 `...)
		b = append(g.number(b, 120, 40000), ` "-" "`...)
		b = append(append(b, g.pick(agents[:])...), '"')
	case 2: // logfmt
		b = append(append(b, "time="...), g.iso...)
		b = append(g.millis(b, '.'), `Z level=debug msg="`...)
		b = append(append(b, g.remark()...), `" entries=`...)
		b = append(g.number(b, 1, 90000), " version=v1.14.2 host="...)
		b = append(b, g.pick(hosts[:])...)
	case 3: // klog
		b = append(b, "I0302 "...)
		b = append(b, g.clock[11:]...)
		b = append(g.millis(b, '.'), "217       1 reconciler.go:"...)
		b = append(g.number(b, 40, 900), `] "Reconciled" pod="gallery/search-7f9c5d8b6-`...)
		b = append(g.id(b, 5), `" image="registry.example.com/gallery/search:3.14.2" took="1`...)
		b = append(g.millis(b, '.'), `s"`...)
	default: // Python
		b = append(g.millis(append(b, g.clock...), ','), " - gallery.worker - INFO - [pid 7] "...)
		b = append(append(b, g.remark()...), " (took 0."...)
		b = append(digits(b, g.below(10000), 4), " s, trace "...)
		b = append(g.id(b, 32), ')')
	}
	return b
}

// jsonFailure is an object that names a code: in a field, in a body that is JSON in JSON, or in a message.
func (g *generator) jsonFailure(b []byte, c *code) []byte {
	b = append(append(b, `{"time":"`...), g.iso...)
	b = append(g.millis(b, '.'), `Z","level":"error","logger":"gallery","msg":"`...)
	switch g.below(4) {
	case 0:
		b = append(append(b, `call failed","error_code":"`...), c.name...)
		b = append(append(b, `","error_msg":"`...), c.message...)
		b = append(g.id(append(b, `","request_id":"`...), 32), `"}`...)
	case 1:
		b = append(append(b, `call failed","status":400,"body":"{\"error_msg\":\"`...), c.message...)
		b = append(append(b, `\",\"error_code\":\"`...), c.name...)
		b = append(g.id(append(b, `\",\"request_id\":\"`...), 32), `\"}"}`...)
	case 2:
		b = append(append(b, `search failed: `...), c.name...)
		b = append(append(append(b, ' '), c.message...), `","took":0.0`...)
		b = append(g.id(append(g.number(b, 100, 9999), `,"trace_id":"`...), 32), `"}`...)
	default:
		b = append(append(b, `answer of the service","response":{"status":400,"error":{"code":"`...), c.name...)
		b = append(append(b, `","message":"`...), c.message...)
		b = append(g.id(append(b, `"}},"headers":{"X-Request-Id":"`...), 32), `"}}`...)
	}
	return b
}

// textFailure is a line of text that names a code.
func (g *generator) textFailure(b []byte, c *code) []byte {
	b = append(b, g.clock...)
	switch g.below(4) {
	case 0:
		b = append(g.millis(b, ','), " - gallery.worker - ERROR - ClientRequestException - {status_code:400,request_id:"...)
		b = append(append(g.id(b, 32), ",error_code:"...), c.name...)
		b = append(append(append(b, ",error_msg:"...), c.message...), '}')
	case 1:
		b = append(append(g.millis(b, '.'), " ERROR 7 --- [nio-8080-exec-3] c.e.gallery.search.SearchController      : search failed, errorCode="...), c.name...)
		b = append(append(b, ", errorMsg="...), c.message...)
		b = g.id(append(b, ", requestId="...), 32)
	case 2:
		b = append(append(g.millis(b, '.'), " ERROR [worker-2] answer of the service: {\"error_msg\": \""...), c.message...)
		b = append(append(b, `", "error_code": "`...), c.name...)
		b = append(g.id(append(b, `", "request_id": "`...), 32), `"}`...)
	default:
		b = append(append(g.millis(b, '.'), " \x1b[31mERROR\x1b[0m 调用失败，错误码 "...), c.name...)
		b = append(append(append(b, ' '), c.message...), " request_id="...)
		b = g.id(b, 32)
	}
	return b
}
