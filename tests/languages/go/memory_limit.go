// shows: memory taken without end
// verdict: memory_limit
// limits: cpu_s=8 wall_s=10
package main

var held [][]byte

func main() {
	for {
		block := make([]byte, 1<<22)
		for n := range block {
			block[n] = 1
		}
		held = append(held, block)
	}
}
