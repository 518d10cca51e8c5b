// shows: jest each value
// verdict: accepted
// limits: cpu_s=8
function slugify(text) {
  return text.toLowerCase().trim().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}
module.exports = { slugify };
// --- tests ---
const { slugify } = require("./slugify");

describe("slugify", () => {
  test("joins words by dashes", () => {
    expect(slugify("Hello World")).toBe("hello-world");
  });
  test("drops what is no letter", () => {
    expect(slugify("  C'est la vie!  ")).toBe("c-est-la-vie");
    expect(slugify("")).toBe("");
  });
});
