// attack: buffers outside the heap
// verdict: memory_limit
const all = [];
for (;;) all.push(Buffer.alloc(1 << 20, 1));
