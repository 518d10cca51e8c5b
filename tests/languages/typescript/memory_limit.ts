// shows: memory taken without end
// verdict: memory_limit
// limits: cpu_s=8 wall_s=10
const held: Uint8Array[] = [];
while (true) held.push(new Uint8Array(1 << 22).fill(1));
