// shows: console assert
// verdict: accepted
// limits: cpu_s=8
const mean = (numbers) => numbers.reduce((a, b) => a + b, 0) / numbers.length;
// --- tests ---
console.assert(mean([1, 2, 3]) === 2, "three numbers");
console.assert(mean([4]) === 4);
console.assert(Math.abs(mean([0.1, 0.2]) - 0.15) < 1e-9);
