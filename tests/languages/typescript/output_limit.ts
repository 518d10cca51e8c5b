// shows: output without end
// verdict: output_limit
// limits: cpu_s=8 wall_s=10
import * as fs from "fs";
const line = "x".repeat(1000);
while (true) fs.writeSync(1, line + "\n");
