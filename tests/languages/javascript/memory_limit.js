// shows: memory taken without end
// verdict: memory_limit
// limits: cpu_s=8 wall_s=10
const held = [];
while (true) held.push(Buffer.alloc(1 << 22, 1));
