"""The runner of JavaScript's and TypeScript's tests in the manner of Jest, Mocha and node:test. What is expected is
judged by Jest's own packages (`expect`, `jest-mock`), which are in the image, so that their words mean what they mean there.

Tests are collected first and run after, one after the other, with their hooks, as all three do.
"""

from __future__ import annotations

import re

from sandbox.languages.language import NPM
from sandbox.languages.script import SKIPPED

PACKAGES = ("expect@29.7.0", "jest-mock@29.7.0")
_TESTS = re.compile(
    r"^[ \t]*((?:(?:test|it)(?:\.\w+)*[ \t]*[(`]|(?:[xf]it|xtest|specify)[ \t]*\([ \t]*['\"`])[^\n]*)$", re.MULTILINE
)
_LEFT_OUT = re.compile(r"x|\w+\.(?:skip|todo)\b")
_CHOSEN = re.compile(r"fit\b|\w+\.only\b")
_CHOSEN_GROUP = re.compile(r"^[ \t]*(?:fdescribe|(?:describe|suite|context)\.only)\b", re.MULTILINE)
_USES = re.compile(r"\b(?:expect|jest|vi)\b")


def tests_in(script: str) -> list[tuple[int, str]]:
    """Line and words of each test that begins a line; SKIPPED is behind the words of one that is not run."""
    found = list(_TESTS.finditer(script))
    chosen = any(_CHOSEN.match(match[1]) for match in found) and not _CHOSEN_GROUP.search(script)
    return [
        (
            script.count("\n", 0, match.start(1)) + 1,
            (match[1][:-1].rstrip(" >={(") or "test")
            + (SKIPPED if _LEFT_OUT.match(match[1]) or (chosen and not _CHOSEN.match(match[1])) else ""),
        )
        for match in found
    ]


def words(tests: str) -> str:
    """A statement that shows the harness what the tests call by Jest's words, which a program in one file with them could name
    for something of its own; empty where they have their own.
    """
    used = [name for name in ("expect", "jest") if re.search(rf"(?<![\w.$]){name}\s*[.(<]", tests)]
    own = r"(?:function|class|const|let|var)\s+(?:\{{[^}}=]*)?{0}\b"
    used = [name for name in used if not re.search(own.format(name), tests)]
    return f"$lab.words(() => ({{{', '.join(used)}}}));" if used else ""


def runner(script: str, methods: list[tuple[int, str]], first: int) -> str:
    """The runner as the harness holds it. `methods` are the script's tests, the first of which has the index `first`."""
    table = ", ".join(f"{line}: {first + number}" for number, (line, _) in enumerate(methods))
    loaded = f'require("{NPM}/expect").expect' if _USES.search(script) else "null"
    mocks = f'require("{NPM}/jest-mock")' if _USES.search(script) else "null"
    return _RUNNER.replace("$TABLE", table).replace("$EXPECT", loaded).replace("$MOCKS", mocks)


_RUNNER = r"""
  const indexes = {__proto__: null, $TABLE}, expect = $EXPECT, mocks = $MOCKS;
  const promised = Promise, held = globalThis[Symbol.for("$$jest-matchers-object")];
  if (held) { // what the matchers say is nobody's to change; a script may add its own
    for (const [thing, name] of [...Object.keys(held.matchers).map((name) => [held.matchers, name]), [held, "matchers"], [globalThis, Symbol.for("$$jest-matchers-object")]])
      Object.defineProperty(thing, name, {writable: false, configurable: false});
    if (!said.includes("EqualityTesters")) Object.freeze(held.customEqualityTesters);
  }
  // Nor what Jest asks of every object, or compares, counts and walks by.
  if (expect) {
    for (const word of ["asymmetricMatch", "isEqualNode"]) kept(Object.prototype, word, undefined);
    for (const of of [Array, String, RegExp, Map, Set, Function].map((kind) => kind.prototype))
      for (const word of [...Object.getOwnPropertyNames(of), ...(of === Function.prototype || of === RegExp.prototype ? [] : [Symbol.iterator])])
        if (word !== "constructor" && typeof Object.getOwnPropertyDescriptor(of, word).value === "function" && !(typeof word === "string" && theirs(word))) kept(of, word);
    for (const word of ["from", "of"]) kept(Array, word);
    for (const of of [expect, expect.not]) for (const word of Object.keys(of)) if (typeof of[word] === "function" && !theirs(word)) Object.defineProperty(of, word, {writable: false, configurable: false});
  }
  // What is compared may not say itself what it equals. Nothing is asked here that the program could have changed.
  const keysOf = Reflect.ownKeys, propertyOf = Reflect.getOwnPropertyDescriptor, hasOwn = Object.hasOwn, hasIn = Set.prototype.has, addTo = Set.prototype.add;
  const pretends = (value, depth, seen) => {
    if (value === null || (typeof value !== "object" && typeof value !== "function") || depth > 6 || seen.count > 2000 || call(hasIn, seen.all, value)) return false;
    call(addTo, seen.all, value); seen.count += 1;
    if (typeof value.asymmetricMatch === "function") return true;
    const keys = keysOf(value);
    for (let at = 0; at < keys.length; at++) { const own = propertyOf(value, keys[at]); if (own !== undefined && hasOwn(own, "value") && pretends(own.value, depth + 1, seen)) return true; }
    return false;
  };
  const asked = expect && new Proxy(expect, {apply: (of, self, given) => {
    try { if (pretends(given[0], 0, {all: new Set(), count: 0})) meddled = "what says of itself what it equals"; } catch (_) {}
    return of(...given);
  }});
  const unknown = (error) => { // words of a framework that are not known here say nothing of the program
    if (error === null || typeof error !== "object" || (marks.lines > 0 && place(error) <= marks.lines)) return false;
    if (error.code === "MODULE_NOT_FOUND" && !/'\.{0,2}\//.test(str(error.message))) return true;
    if (error instanceof ReferenceError) return /^(?:assert|expect|should|jest|vi|chai|sinon|cy) is not defined$/.test(str(error.message)); // nor do those that the tests forgot to bring
    return error instanceof TypeError && /^(?:expect\(\.\.\.\)|expect|jest|vi|test|it|describe|t|mock)(?:\.\w+|\(\.\.\.\))* is not a function/.test(str(error.message));
  };
  let bounds = () => {}; // sets the time of what has the word
  const left = {}, ours = {timeout(within) { bounds(within); return ours; }, slow() { return ours; }, retries() { return ours; }, skip() { throw left; }}; // Mocha's `this`
  const block = (up, skip) => ({up, skip, beforeAll: [], afterAll: [], beforeEach: [], afterEach: [], items: [], only: false});
  const root = block(null, false);
  let current = root, inTest = 0, judged = 0, onlySome = false, over = false, patience = 5000;
  const here = () => { const at = place(new ErrorClass("here")) - marks.lines; return indexes[at] === undefined ? marks.script : indexes[at]; };
  const put = (list, item) => { define(list, list.length, {__proto__: null, value: item, writable: true, enumerable: true, configurable: true}); };
  const parts = (given) => {
    const found = {name: typeof given[0] === "string" ? given[0] : "", body: undefined, options: undefined, within: undefined};
    for (let at = 0; at < given.length; at++) {
      const part = given[at];
      if (typeof part === "function") found.body ??= part;
      else if (part && typeof part === "object") found.options ??= {__proto__: null, ...part}; // what every object has is none of a test's
      else if (typeof part === "number") found.within ??= part;
    }
    found.options ??= {__proto__: null};
    return found;
  };
  const add = (given, kind, index, t) => {
    const {name, body, options, within} = parts(given);
    const skip = kind === "skip" || kind === "todo" || !body || options.skip || options.todo, only = kind === "only" || options.only;
    onlySome = onlySome || only;
    const item = {name, body, index, t, skip: !!skip, only: !!only, within: within ?? options.timeout};
    if (inTest) return runOne(item, current);
    put(current.items, item);
    return promised.resolve();
  };
  const group = (given, kind) => {
    const {body, options} = parts(given), made = block(current, kind === "skip" || !!options.skip);
    made.only = kind === "only"; onlySome = onlySome || made.only;
    put(current.items, made); current = made;
    bounds = (within) => { made.within = within; };
    try { if (body) { const waits = body.call(ours); if (waits && waits.then) made.beforeAll.push(() => waits); } } finally { current = made.up; bounds = (within) => { made.up.within = within; }; }
  };
  const table = (rows, more) => { // `each` as a list, or as a template with | between its columns
    if (!Array.isArray(rows) || !Object.hasOwn(rows, "raw")) return [...rows];
    const names = rows[0].split("\n").map((line) => line.trim()).find(Boolean).split("|").map((name) => name.trim());
    const made = [];
    for (let n = 0; n + names.length <= more.length; n += names.length) made.push(Object.fromEntries(names.map((name, at) => [name, more[n + at]])));
    return made;
  };
  const eachOf = (put) => (rows, ...more) => {
    const index = here();
    return (name, body, within) => table(rows, more).forEach((row) => put(Array.isArray(row) ? row : [row], name, body, index, within));
  };
  const testing = (t) => {
    const plain = (kind) => {
      const made = (...given) => add(given, kind, here(), t);
      made.each = eachOf((row, name, body, index, within) => add([str(name), (done) => body(...row, done), within], kind, index, true));
      return made;
    };
    return Object.assign(plain(""), {skip: plain("skip"), only: plain("only"), todo: plain("todo"), concurrent: plain("")});
  };
  const grouping = () => {
    const plain = (kind) => {
      const made = (...given) => group(given, kind);
      made.each = eachOf((row, name, body) => group([str(name), () => body(...row)], kind));
      return made;
    };
    return Object.assign(plain(""), {skip: plain("skip"), only: plain("only"), todo: plain("skip")});
  };
  const hook = (kind) => (body) => { current[kind].push(body); };
  const hooks = {beforeAll: hook("beforeAll"), afterAll: hook("afterAll"), beforeEach: hook("beforeEach"), afterEach: hook("afterEach"), before: hook("beforeAll"), after: hook("afterAll")};
  const called = (body, first, within = first ? Infinity : patience) => new promised((yes, not) => { // with a callback where the body wants one
    let bell = null;
    bounds = (most) => { sooner(bell); bell = most > 0 && most < 2 ** 31 ? later(() => not(new ErrorClass("it took longer than " + most + " ms")), most) : null; };
    bounds(within);
    const resolve = (value) => { sooner(bell); yes(value); }, reject = (error) => { sooner(bell); not(error); };
    let told = false, settled = false;
    const done = (error) => {
      if (told && !settled) { const twice = new ErrorClass("done was called more than once"); reject(twice); throw twice; }
      told = true;
      promised.resolve().then(() => { settled = true; if (error) reject(error); else resolve(); });
    };
    done.fail = (error) => reject(error || new ErrorClass("failed"));
    const waits = first === undefined && body.length > 0;
    let result;
    try { result = first === undefined ? (waits ? body.call(ours, done) : body.call(ours)) : body.call(ours, first, done); } catch (error) { reject(error); return; }
    if (result && typeof result.then === "function") result.then(resolve, reject);
    else if (!waits && !(first !== undefined && body.length > 1)) resolve();
  });
  const chain = (from) => (from ? [...chain(from.up), from] : []);
  const mocking = (mock) => { // what Node 20 calls its timers by, under 18
    const timers = mock.timers;
    if (!timers || Number(process.versions.node.split(".")[0]) >= 20 || Object.hasOwn(timers, "enable")) return mock;
    const enable = timers.enable.bind(timers);
    timers.enable = (how) => {
      if (how === undefined || Array.isArray(how)) return enable(how);
      if (how.now !== undefined || (how.apis || []).includes("Date")) throw new TypeError("mock.timers.Date is not a function");
      return enable(how.apis);
    };
    return mock;
  };
  const tracking = (state) => { // a test's own mocks, which end with it
    if (!state.mock) { const mock = (state.mock = mocking(new (nodeTest().mock.constructor)())); state.last.push(() => mock.reset()); }
    return state.mock;
  };
  const context = (item, from, state) => ({name: item.name, test: Object.assign((...given) => state.wait(given), {}), diagnostic() {}, skip() { state.skipped = true; }, todo() { state.skipped = true; },
    beforeEach: (body) => state.before.push(body), afterEach: (body) => state.after.push(body), after: (body) => state.last.push(body), before: (body) => body(),
    get mock() { return tracking(state); }, assert: realAssert, plan() {}, signal: null});
  const nodeTest = () => require("node:test");
  const runOne = async (item, from) => {
    if (item.skip) return;
    const state = {skipped: false, before: [], after: [], last: [], wait: null};
    let bad = null, skips = false; // what was thrown, the last first
    const tried = async (body, first, within) => { try { await called(body, first, within); return true; } catch (error) { skips ||= error === left; bad = {error, before: bad}; return false; } };
    state.wait = async (given) => {
      const sub = parts(given);
      if (!sub.body || sub.options.skip) return;
      for (const body of state.before) await called(body);
      const inner = {skipped: false, before: [], after: [], last: [], wait: state.wait};
      await tried(sub.body, context(sub, from, inner), sub.options.timeout);
      for (const body of inner.last) await tried(body);
      for (const body of state.after) await called(body);
    };
    if (expect) expect.setState({assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null});
    const levels = chain(from);
    let ready = true;
    for (const level of levels) for (const body of level.beforeEach) ready = ready && (await tried(body));
    inTest += 1;
    if (ready) await tried(item.body, item.t ? (item.t === true ? null : context(item, from, state)) : undefined, item.within ?? levels.findLast((level) => level.within !== undefined)?.within);
    inTest -= 1;
    for (const body of state.last) await tried(body);
    for (const level of levels.reverse()) for (const body of level.afterEach) await tried(body);
    if (expect) for (const {error} of expect.extractExpectedAssertionsErrors()) bad = {error, before: bad};
    if ((state.skipped && !bad) || skips) return;
    judged += 1;
    if (!bad && item.index !== marks.script) ok(item.index);
    for (; bad; bad = bad.before) no(item.index, bad.error);
  };
  const runBlock = async (from, chosen) => {
    if (from.skip) return;
    const holds = (item) => {
      let found = item.only;
      if (item.items) for (let at = 0; at < item.items.length; at++) found = found || holds(item.items[at]);
      return found;
    };
    try { for (const body of from.beforeAll) await called(body); } catch (error) { no(marks.script, error); return; }
    for (let at = 0; at < from.items.length; at++) {
      const item = from.items[at];
      if (chosen || holds(item) || !onlySome) await (item.items ? runBlock(item, chosen || item.only) : runOne(item, from));
    }
    for (const body of from.afterAll) try { await called(body); } catch (error) { no(marks.script, error); }
  };
  const jestLike = mocks && {fn: mocks.fn, spyOn: mocks.spyOn, mocked: mocks.mocked, isMockFunction: (value) => !!(value && value._isMockFunction), clearAllMocks: () => mocks.clearAllMocks && mocks.clearAllMocks(),
    resetAllMocks: () => mocks.resetAllMocks && mocks.resetAllMocks(), restoreAllMocks: () => mocks.restoreAllMocks && mocks.restoreAllMocks(), setTimeout(within) { patience = within; }, ...clock};
  if (jestLike && !theirs("jest")) Object.freeze(jestLike);
  const scope = {test: testing(false), it: testing(false), describe: grouping(), suite: grouping(), ...hooks, ...(expect ? {expect: asked, jest: jestLike, ...(/\bvi\./.test(said) ? {vi: jestLike} : {})} : {})};
  for (const [name, word] of Object.entries({xit: scope.it.skip, xtest: scope.it.skip, fit: scope.it.only, specify: scope.it, xdescribe: scope.describe.skip, fdescribe: scope.describe.only, context: scope.describe}))
    if (new RegExp("^[ \\t]*" + name + "\\s*\\(\\s*['\"`]", "m").test(said)) scope[name] = word;
  const forNode = () => Object.assign(testing("t"), {test: testing("t"), it: testing("t"), describe: grouping(), suite: grouping(), ...hooks, get mock() { return mocking(nodeTest().mock); }});
  const collected = () => root.items.length > 0;
  const runAll = async () => { await runBlock(root, false); if (root.items.length && !judged) failed = true; };
"""


CLOCK = r"""
  const clock = !/\b(?:useFakeTimers|setSystemTime)\b/.test(tests || program) ? {} : (() => { // Jest's fake timers: nothing is called before the tests move the time
    const names = ["setTimeout", "setInterval", "setImmediate", "clearTimeout", "clearInterval", "clearImmediate"], most = 100000;
    const real = Object.fromEntries(names.map((name) => [name, globalThis[name]])), RealDate = Date, turn = setImmediate, promised = Promise;
    let faked = false, still = false, time = 0, due = [], count = 0;
    const now = () => (still ? time : RealDate.now());
    const put = (repeats) => (call, ms, ...given) => {
      const one = {id: ++count, wait: ms > 0 ? +ms : 0, call, given, ref: () => one, unref: () => one, hasRef: () => true, refresh() { one.at = time + one.wait; return one; }, [Symbol.toPrimitive]: () => one.id};
      one.every = repeats ? one.wait || 1 : 0; one.at = time + (repeats ? one.every : one.wait);
      due.push(one);
      return one;
    };
    const drop = (one) => { due = due.filter((each) => each !== one && each.id !== one); };
    const fakes = {setTimeout: put(false), setInterval: put(true), setImmediate: (call, ...given) => put(false)(call, 0, ...given), clearTimeout: drop, clearInterval: drop, clearImmediate: drop};
    const next = (until) => { // calls the first that is due by then
      const one = due.filter((each) => each.at <= until).sort((a, b) => a.at - b.at || a.id - b.id)[0];
      if (!one) return false;
      time = Math.max(time, one.at);
      if (one.every) one.at += one.every; else drop(one);
      one.call.apply(undefined, one.given);
      return true;
    };
    const last = () => Math.max(time, ...due.map((one) => one.at)), soon = () => Math.min(...due.map((one) => one.at));
    function* advance(until) { while (next(until)) yield; if (faked) time = until; }
    function* all() { for (let n = 0; due.length; n++) { if (n >= most) throw new Error("Aborting after running " + most + " timers, assuming an infinite loop!"); next(last()); yield; } }
    function* steps(many) { for (let n = 0; n < many && due.length; n++) { yield* advance(soon()); } }
    const ways = {advanceTimersByTime: (ms) => advance(time + ms), advanceTimersToNextTimer: (many = 1) => steps(many), runAllTimers: () => all(), runOnlyPendingTimers: () => advance(last())};
    const words = {
      useFakeTimers(how = {}) {
        still = faked = true; due = []; time = how.now === undefined ? RealDate.now() : +how.now;
        for (const name of names) globalThis[name] = (how.doNotFake || []).includes(name) ? real[name] : fakes[name];
        if ((how.doNotFake || []).includes("Date")) still = false;
        return this;
      },
      useRealTimers() { still = faked = false; due = []; Object.assign(globalThis, real); return this; },
      setSystemTime(to) { const at = to === undefined ? RealDate.now() : +to; for (const one of due) one.at += at - time; time = at; still = true; return this; },
      clearAllTimers() { due = []; }, getTimerCount: () => due.length, now, getRealSystemTime: () => RealDate.now(),
    };
    for (const [name, way] of Object.entries(ways)) {
      words[name] = function (...given) { for (const _ of way(...given)); return this; };
      words[name + "Async"] = async function (...given) { const rest = () => new promised((go) => turn(go)); await rest(); for (const _ of way(...given)) await rest(); return this; };
    }
    words.isFakeTimers = () => faked;
    const dated = new Proxy(RealDate, {construct: (of, given, as) => Reflect.construct(of, given.length ? given : [now()], as === dated ? of : as),
      apply: (of) => new of(now()).toString(), get: (of, key) => (key === "now" ? now : of[key])});
    RealDate.prototype.constructor = globalThis.Date = dated;
    return words;
  })();
"""
"""What stands before the harness keeps its words: a script may stop the time."""
