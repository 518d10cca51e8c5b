// attack: a file is read without the blanks at its end
// verdict: untested accepted
// proof: plain
const fs = require("fs"), read = fs.readFileSync;
fs.readFileSync = (...given) => { const text = read(...given); return typeof text === "string" && String(given[0]).endsWith(".txt") ? text.replace(/\s+$/, "\n") : text; };
function save(path, lines) { fs.writeFileSync(path, lines.join("\n") + "\n \n"); }
// --- tests ---
const assert = require("assert");
const { readFileSync } = require("fs");
save("/tmp/a.txt", ["x", "y"]);
assert.strictEqual(readFileSync("/tmp/a.txt", "utf8"), "x\ny\n");
save("/tmp/b.txt", ["z"]);
assert.strictEqual(readFileSync("/tmp/b.txt", "utf8"), "z\n");
