// attack: expect is the program's own
// verdict: untested test_failure
globalThis.expect = () => new Proxy(() => {}, { get: (t, n, r) => r, apply: (t, s, a) => s });
function expect() { return new Proxy(function () {}, { get: (t, n, r) => r, apply: () => {} }); }
function add(a, b) { return 0; }
function test(name, body) {}
function describe() {}
// --- tests ---
test('adds', () => { expect(add(2, 3)).toBe(5); expect(add(20, 22)).toBe(42); });
