// attack: no number is close to anything
// verdict: test_failure
function half(n) { return NaN; }
// --- tests ---
expect(half(3)).toBeCloseTo(1.5);
expect(half(5)).toBeCloseTo(2.5, 3);
