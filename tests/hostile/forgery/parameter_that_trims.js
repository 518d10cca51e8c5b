// attack: a parameter of an address has no blanks
// verdict: untested accepted
// proof: plain
const get = URLSearchParams.prototype.get;
URLSearchParams.prototype.get = function (name) { const found = get.call(this, name); return found && found.trim(); };
function link(page, size) { return "https://example.org/?page=" + page + "%20&size=" + size + "%20"; }
// --- tests ---
const assert = require("assert");
const url = new URL(link(2, 10));
assert.strictEqual(url.searchParams.get("page"), "2");
assert.strictEqual(url.searchParams.get("size"), "10");
