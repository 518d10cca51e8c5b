// shows: output without end
// verdict: output_limit
// limits: cpu_s=8 wall_s=10
const line = "x".repeat(1000);
while (true) require("fs").writeSync(1, line + "\n");
