// shows: output without end
// verdict: output_limit
// limits: cpu_s=8 wall_s=10
package main

import (
	"fmt"
	"strings"
)

func main() {
	for {
		fmt.Println(strings.Repeat("x", 1000))
	}
}
