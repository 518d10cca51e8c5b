// attack: arrays until the heap is full
// verdict: memory_limit
// limits: cpu_s=4 wall_s=8
const all = [];
for (;;) all.push(new Array(1 << 20).fill(1.5));
