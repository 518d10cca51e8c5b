"""Ruby: the harness reads program and tests as text, then evaluates them at the top level.

Lines that assert (`raise ... unless ...`, `assert_equal ...` and its kin) are tests of their own. Where the tests are
written for minitest or test-unit they are run by these themselves, which are in the image: each method and each `it` is a test.
"""

from __future__ import annotations

import re

from sandbox.languages.diagnostics import lines
from sandbox.languages.language import BOX, Dialect, Language, Translation
from sandbox.languages.script import Script, rewrite
from sandbox.languages.scripted import plainly
from sandbox.languages.values import Spelling, arrows, json_text

ASSERTION = re.compile(r"(?:assert\w*[\s(].*|refute\w*[\s(].*|raise\b.*\b(?:unless|if)\b.*)$")
_MINITEST = re.compile(r"\bMinitest\b|\bminitest/")
_TEST_UNIT = re.compile(r"\bTest::Unit\b|\btest/unit\b")
_METHOD = re.compile(
    r"^[ \t]*(?:def[ \t]+(test_\w+[?!]?)|((?:it|specify)[ \t]*\(?[ \t]*(?:\"[^\"\n]*\"|'[^'\n]*'))[ \t]*\)?[ \t]*(?:do|\{))",
    re.MULTILINE,
)


def assemble(code: str, tests: str) -> Script:
    """The harness, with the program in a file of its own; the tests find it there, whatever file they load it from."""
    tests = plainly.RUBY_TAKES.sub("", tests)
    if (prepared := _prepared(tests)) is not None:
        methods = [(tests.count("\n", 0, found.end()) + 1, found[1] or found[2]) for found in _METHOD.finditer(tests)]
        above = code.count("\n") + 1
        table = ", ".join(f"{above + line} => {index}" for index, (line, _) in enumerate(methods))
        return Script(*joined(code, tests, len(methods), table, prepared), units=(*methods, (1, "the test script")))
    text, units = rewrite(
        tests,
        ASSERTION,
        lambda index, line: (
            f"begin; {line}\nLab.ok({index}); rescue Exception => lab_error; Lab.no({index}, lab_error); end"
        ),
    )
    return Script(*joined(code, text, len(units)), units=(*units, (1, "the test script")))


def _prepared(tests: str) -> str | None:
    """What loads the framework that a test script was written for; None for a script of plain statements."""
    return _PREPARED if _MINITEST.search(tests) else _PREPARED_UNIT if _TEST_UNIT.search(tests) else None


def joined(
    code: str, text: str, script: int, methods: str | None = None, prepared: str = ""
) -> tuple[str, dict[str, str]]:
    """The harness, and the program with what follows it in one file; `script` is the index of the test script,
    `methods` a table of a framework's tests by their lines, `prepared` what loads that.
    """
    harness = _HARNESS.replace("$SCRIPT", str(script)).replace("$LINES", str(code.count("\n") + 1))
    harness = harness.replace("$PREPARED", prepared)
    words = sorted(set(re.findall(r"[A-Za-z_]\w*[?!]?", text)))[:5000] if "Lab.value(" not in text else []
    theirs = sorted(set(re.findall(r"\bdef\s+(?:\w+\.)?([^\s(;]+)", text)))  # what they define themselves
    left_out = re.search(r"\b(?:skip|omit|pend|notify)(?:_\w+)?\b", text) is not None
    harness = (
        harness.replace("$WORDS", " ".join(words))
        .replace("$THEIRS", " ".join(theirs))
        .replace("$LEFT_OUT", "true" if left_out else "false")
    )
    harness = harness.replace("$METHODS", "nil" if methods is None else f"{{{methods}}}")
    return harness, {"program.rb": f"{code}\n{text}\n"}


_PREPARED = """
$LOAD_PATH.unshift(*Dir['/usr/lib/ruby/gems/*/gems/minitest-*/lib', '/usr/share/rubygems-integration/all/gems/minitest-*/lib'])
require 'minitest'
module Minitest; @seed = 42; def self.autorun; end; end
require 'minitest/spec'
require 'minitest/mock'
%w[autorun unit].each { |name| $LOADED_FEATURES << $LOAD_PATH.resolve_feature_path("minitest/#{name}")[1] }
"""
_PREPARED_UNIT = """
$LOAD_PATH.unshift(*Dir['/usr/{lib/ruby/gems/*,share/rubygems-integration/all}/gems/{power_assert,test-unit}-*/lib'])
require 'test/unit'
require 'test/unit/testresult'
Test::Unit::AutoRunner.need_auto_run = false
"""
_HARNESS = r"""
require 'json'
require 'set'
$PREPAREDclass LabFailure < StandardError; end
module Lab
  program = File.read('/box/work/program.rb', encoding: 'UTF-8')
  wire = IO.for_fd(4); token = wire.read(32); out = IO.for_fd(3); out.sync = true
  failed = false
  methods = $METHODS
  ran = methods ? 0 : 1 # tests that compared something
  say = lambda { |kind, index, text| out.write("#{token} #{kind} #{index} #{JSON.generate([text.to_s.scrub('?')[0, 1000]])[1..-2]}\n") }
  say.call('begin', 0, ''); wire.read; wire.close
  # What the tests ask of the language, and of their framework, is what it was before the program.
  core = [String, Symbol, Array, Hash, Integer, Float, Rational, Complex, Range, Regexp, NilClass, TrueClass, FalseClass, Struct, Time, Proc, Exception, Comparable, Enumerable, Numeric, Set]
  same = %i[== != === =~ ! eql? equal? hash inspect to_s <=> nil? is_a? kind_of? instance_of? respond_to? class]
  frames = [*(defined?(Minitest) ? [Minitest::Assertions, Minitest::Test, Minitest::Expectation, Minitest::Reportable] : []), *(defined?(Test::Unit::TestCase) ? [Test::Unit::Assertions, Test::Unit::TestCase, Test::Unit::TestResult] : [])]
  judging = nil # an object of the program
  decides = lambda do |expected, got|
    next if expected.nil? || core.none? { |kind| kind.equal?(expected.class) }
    owner = Kernel.instance_method(:method).bind_call(got, :==).owner
    judging ||= 'an object of the program says what it equals' unless [BasicObject, Kernel, *core].any? { |kind| kind.equal?(owner) }
  rescue StandardError
    judging ||= 'an object of the program says what it equals'
  end
  ours = Module.new { define_method(:assert_equal) { |expected, got, *more| decides.call(expected, got); super(expected, got, *more) } }
  frames.first(1).each { |frame| frame.prepend(ours) }
  words = %w[$WORDS].map(&:to_sym)
  lookup, defines, hides = %i[instance_method method_defined? private_method_defined?].map { |name| Module.instance_method(name) }
  found = lambda do |kind, name|
    next unless defines.bind_call(kind, name) || hides.bind_call(kind, name)
    method = lookup.bind_call(kind, name)
    method.owner.equal?(ours) ? method.super_method : method
  end
  asked = words.empty? ? [] : core.product(words | same) + [Object, Kernel, BasicObject].product(same + %i[raise format sprintf Integer Float String Array assert refute assert_equal refute_equal assert_nil assert_in_delta assert_raises]) + frames.flat_map { |kind| [kind].product(kind.instance_methods(false) + kind.private_instance_methods(false)) }
  theirs = %w[$THEIRS].map(&:to_sym)
  asked.reject! { |_, name| theirs.include?(name) }
  before = asked.map { |kind, name| found.call(kind, name) }
  meddled = lambda { |index| (at = asked.each_index.find { |n| before[n] && found.call(*asked[n]) != before[n] }) ? say.call('void', index, "the program gives #{asked[at].join('#')} another meaning") : (say.call('void', index, judging) if judging) }
  define_singleton_method(:ok) { |index| meddled.call(index); say.call('ok', index, '') }
  define_singleton_method(:no) do |index, error|
    failed = true
    line = (error.backtrace_locations || []).map { |at| at.lineno if at.path == 'solution.rb' }.compact.first || 0
    inside = line > 0 && line <= $LINES
    say.call('at', line - $LINES, '') if line > $LINES && index == $SCRIPT
    plain = error.is_a?(LabFailure) || (methods && error.is_a?(defined?(Minitest) ? Minitest::Assertion : Test::Unit::AssertionFailedError)) || [StandardError, RuntimeError].include?(error.class)
    mocked = defined?(MockExpectationError) && error.is_a?(MockExpectationError) # which is raised where the program calls
    if error.is_a?(LoadError) && line > $LINES then say.call('void', index, "#{error.message}: this is not known here")
    elsif mocked || (plain && !inside) then say.call('fail', index, error.message)
    else say.call('error', index, "raised #{error.class}: #{error.message}#{inside ? " (line #{line} of the program)" : ''}") end
  end
  # What tells a value is taken before the program can teach it to tell another.
  list, each, pairs = Array.instance_method(:to_a), Array.instance_method(:map), Hash.instance_method(:to_a)
  whole, real, part = Integer.instance_method(:to_s), Float.instance_method(:to_s), Rational.instance_method(:to_s)
  name = Symbol.instance_method(:to_s)
  valid, plain, letters, encode = %i[valid_encoding? ascii_only? encoding encode].map { |name| String.instance_method(name) }
  inner = Kernel.instance_method(:instance_variable_get)
  tagged = lambda do |value, depth| # as sandbox/apart reads it
    case value
    when nil then ['n']
    when true, false then ['b', value]
    when Integer then ['i', whole.bind_call(value)]
    when Float then ['f', real.bind_call(value)]
    when Symbol then ['y', name.bind_call(value)]
    when Rational then ['q', part.bind_call(value)]
    when String # one of other letters equals none of ours
      own = valid.bind_call(value) && (plain.bind_call(value) || letters.bind_call(value) == Encoding::UTF_8)
      own ? ['s', encode.bind_call(value, 'UTF-8')] : ['?', 'bytes']
    else
      if depth > 20 then ['?', 'nested']
      elsif value.is_a?(Array) then ['l', each.bind_call(list.bind_call(value)) { |item| tagged.call(item, depth + 1) }]
      elsif value.is_a?(Hash) && value.compare_by_identity? then ['?', 'keys by identity']
      elsif value.is_a?(Hash) then ['m', each.bind_call(pairs.bind_call(value)) { |key, item| [tagged.call(key, depth + 1), tagged.call(item, depth + 1)] }]
      elsif defined?(Set) && value.is_a?(Set) then ['set', each.bind_call(pairs.bind_call(inner.bind_call(value, :@hash))) { |item, _| tagged.call(item, depth + 1) }]
      else ['?', value.class.name.to_s] end
    end
  end
  define_singleton_method(:value) do |index, &call|
    begin
      text = JSON.generate(tagged.call(call.call, 0), max_nesting: 100)
      out.write("#{token} value #{index} #{text.bytesize > 200_000 ? '["?","a value too large"]' : text}\n")
    rescue SystemExit
      raise
    rescue Exception => error
      no(index, error)
    end
  end
  finish = lambda { ok($SCRIPT) unless failed || ran.zero?; say.call('end', 0, '') }
  each_of_unit = lambda do
    Test::Unit::TestCase::DESCENDANTS.flat_map { |kind| kind.suite.tests }.each do |test|
      result = Test::Unit::TestResult.new
      test.run(result) { |*| }
      index = methods[test.method(test.method_name).source_location[1]] || $SCRIPT
      bad = result.failures + result.errors # what was left out or is pending is none
      bad.each { |fault| no(index, fault.is_a?(Test::Unit::Error) ? fault.exception : LabFailure.new(fault.message)) }
      say.call('void', index, 'the program leaves it out') if !$LEFT_OUT && result.faults.any? { |fault| fault.is_a?(Test::Unit::Omission) || fault.is_a?(Test::Unit::Pending) }
      next if result.assertion_count.zero? || !result.faults.empty?
      ran += 1
      ok(index) unless index == $SCRIPT
    end
  end
  each_method = lambda do
    next each_of_unit.call unless defined?(Minitest)
    Minitest::Runnable.runnables.each do |kind|
      kind.runnable_methods.each do |name|
        result = Minitest.run_one_method(kind, name)
        index = methods[kind.instance_method(name).source_location[1]] || $SCRIPT
        bad = result.failures.reject { |failure| failure.is_a?(Minitest::Skip) }
        bad.each { |failure| no(index, failure.is_a?(Minitest::UnexpectedError) ? failure.error : failure) }
        say.call('void', index, 'the program leaves it out') if result.skipped? && !$LEFT_OUT
        next if result.skipped? || result.assertions.zero? || !bad.empty?
        ran += 1
        ok(index) unless index == $SCRIPT
      end
    end
  end
  define_singleton_method(:run) do
    begin
      eval(program, TOPLEVEL_BINDING, 'solution.rb', 1)
      each_method.call if methods
    rescue SystemExit
      exit!(1)
    rescue Exception => error
      no($SCRIPT, error)
    end
    $stdout.flush
    finish.call
    exit!(0)
  end
end
def assert(held, *_) raise LabFailure, 'it does not hold' unless held end
def refute(held, *_) raise LabFailure, 'it holds' if held end
def assert_equal(expected, got, *_) raise LabFailure, "expected #{expected.inspect}, got #{got.inspect}" unless expected == got end
def refute_equal(expected, got, *_) raise LabFailure, "expected anything but #{got.inspect}" if expected == got end
def assert_nil(got, *_) assert_equal(nil, got) end
def assert_in_delta(expected, got, delta = 0.001, *_) raise LabFailure, "expected #{expected.inspect}, got #{got.inspect}" unless (expected - got).abs <= delta end
def assert_raises(*kinds)
  kinds = [StandardError] if kinds.empty?
  begin yield
  rescue *kinds => error
    return error
  end
  raise LabFailure, "expected #{kinds.join(', ')}, got nothing"
end
Lab.run
"""


_NEAR = """\
def lab_near(got, want)
  return got.is_a?(Array) && got.size == want.size && got.zip(want).all? { |a, b| lab_near(a, b) } if want.is_a?(Array)
  return got.is_a?(Hash) && got.keys.sort == want.keys.sort && want.all? { |k, v| lab_near(got[k], v) } if want.is_a?(Hash)
  return got.eql?(want) unless want.is_a?(Float)
  got.is_a?(Numeric) && (got - want).abs <= 1e-9 + 1e-12 * want.abs
end
"""


LANGUAGE = Language(
    "ruby",
    (".rb",),
    solution="solution.rb",
    main="main.rb",
    parse=("/usr/bin/ruby", "-wc", "solution.rb"),
    run=("/usr/bin/ruby", "--disable=gems", f"{BOX}/main.rb"),
    version=("/usr/bin/ruby", "--version"),
    readers={
        "parse": lines(
            "ruby",
            r"^solution\.rb:(?P<line>\d+): (?P<severity>warning): (?P<message>.*)",
            r"^solution\.rb:(?P<line>\d+): (?P<message>.*)",
        )
    },
    packages=("ruby",),
    aliases=("rb",),
    memory_signs=("NoMemoryError",),
    pids=4,
    assemble=assemble,
    plainly=plainly.ruby,
    frameworks=r"\bRSpec\b|\bexpect\([^\n]*\)\.(?:to|not_to|to_not)\b"
    r"|^\s*require ['\"](?:rspec|shoulda|mocha|bacon|cucumber|webmock|timecop|factory_bot)[\w/-]*['\"]",
    dialect=Dialect(
        "ruby",
        "Ruby",
        solution="def count_even(numbers)\n"
        "  # A number is even when dividing it by two leaves nothing.\n"
        "  numbers.count { |number| number % 2 == 0 }\nend\n",
        tests="assert_equal(count_even([1, 2, 4]), 2)\n"
        "assert_equal(count_even([]), 0)\n"
        "assert_equal(count_even([7]), 0)\n"
        "assert_equal(count_even([0, -2]), 2)\n",
        test_start="assert_equal(",
        functions=r"^def[ \t]+(\w{1,64}[?!]?)",
        translation=Translation(
            Spelling(lambda text: json_text(text).replace("#", "\\#"), none="nil", pairs=arrows("{{{}}}")),
            signature="def {name}({parameters})",
            parameter="{name}",
            example="def count_even(numbers)\n  numbers.count { |number| number % 2 == 0 }\nend",
            equal="assert({0}.eql?({1}))",
            near="assert(lab_near({0}, {1}))",
            deep_near="assert(lab_near({0}, {1}))",
            before=_NEAR,
        ),
    ),
)
