// Command flame draws a flame graph as SVG from what `go tool pprof -traces` prints.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	title := flag.String("title", "Where the time goes", "what stands above it")
	flag.Parse()
	root, err := readTraces(os.Stdin)
	if err == nil {
		_, err = os.Stdout.WriteString(draw(root, *title))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "flame:", err)
		os.Exit(1)
	}
}
