// shows: a program judged by what it prints for an input
// verdict: accepted
// cases: [["21\n", "42\n"], ["-1", "-2"]]
import * as fs from "fs";
console.log(2 * Number(fs.readFileSync(0, "utf8")));
