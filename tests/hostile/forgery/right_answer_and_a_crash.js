// attack: the right output, then a crash
// verdict: runtime_error
// cases: [["", "5\n"]]
console.log(5);
process.abort();
