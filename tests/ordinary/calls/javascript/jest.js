// shows: Jest's expect in describe and it, of functions that the program exports
// verdict: accepted
function slugify(text) { return text.toLowerCase().trim().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, ''); }
function find(list, item) { const at = list.indexOf(item); return at < 0 ? undefined : at; }
const mean = (numbers) => numbers.length ? numbers.reduce((a, b) => a + b, 0) / numbers.length : null;
function chunk(list, size) { const out = []; for (let n = 0; n < list.length; n += size) out.push(list.slice(n, n + size)); return out; }
function isEmpty(list) { return list.length === 0; }
module.exports = { slugify, find, mean, chunk, isEmpty };
// --- tests ---
const { slugify, find, mean, chunk, isEmpty } = require('./solution');

describe('slugify', () => {
  it('joins words', () => {
    expect(slugify('Hello, World!')).toBe('hello-world');
    expect(slugify('')).toBe('');
  });
  test("one line", () => { expect(slugify(' a ')).toEqual('a'); });
});

describe("lists", function () {
  it("finds", () => {
    expect(find([1, 2, 3], 2)).toBe(1); // the second
    expect(find([1, 2, 3], 9)).toBeUndefined();
    expect(mean([])).toBeNull();
    expect(mean([0.1, 0.2])).toBeCloseTo(0.15);
    expect(mean([1, 2])).toBeCloseTo(1.5, 5);
    expect(chunk([1, 2, 3], 2)).toEqual([[1, 2], [3]]);
    expect(isEmpty([])).toBeTruthy();
    expect(isEmpty([0])).toBeFalsy();
  });
});
