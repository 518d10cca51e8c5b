"""Ruby: the harness reads program and tests as text, then evaluates them at the top level.

Lines that assert (`raise ... unless ...`, `assert_equal ...` and its kin) are tests of their own.
"""

from __future__ import annotations

import re

from sandbox.languages.script import Script, rewrite

ASSERTION = re.compile(r"(?:assert\w*[\s(].*|refute\w*[\s(].*|raise\b.*\b(?:unless|if)\b.*)$")


def assemble(code: str, tests: str) -> Script:
    """The harness, with the program in a file of its own."""
    text, units = rewrite(
        tests,
        ASSERTION,
        lambda index, line: (
            f"begin; {line}\nLab.ok({index}); rescue Exception => lab_error; Lab.no({index}, lab_error); end"
        ),
    )
    harness = _HARNESS.replace("$SCRIPT", str(len(units))).replace("$LINES", str(code.count("\n") + 1))
    return Script(harness, {"program.rb": f"{code}\n{text}\n"}, units=(*units, (1, "the test script")))


_HARNESS = r"""
require 'json'
class LabFailure < StandardError; end
module Lab
  program = File.read('/box/work/program.rb', encoding: 'UTF-8')
  wire = IO.for_fd(4); token = wire.read(32); out = IO.for_fd(3); out.sync = true
  failed = false
  say = lambda { |kind, index, text| out.write("#{token} #{kind} #{index} #{JSON.generate([text.to_s.scrub('?')[0, 1000]])[1..-2]}\n") }
  say.call('begin', 0, ''); wire.read; wire.close
  define_singleton_method(:ok) { |index| say.call('ok', index, '') }
  define_singleton_method(:no) do |index, error|
    failed = true
    line = (error.backtrace_locations || []).map { |at| at.lineno if at.path == 'solution.rb' }.compact.first || 0
    inside = line > 0 && line <= $LINES
    plain = error.is_a?(LabFailure) || [StandardError, RuntimeError].include?(error.class)
    if plain && !inside then say.call('fail', index, error.message)
    else say.call('error', index, "raised #{error.class}: #{error.message}#{inside ? " (line #{line} of the program)" : ''}") end
  end
  finish = lambda { ok($SCRIPT) unless failed; say.call('end', 0, '') }
  define_singleton_method(:run) do
    begin
      eval(program, TOPLEVEL_BINDING, 'solution.rb', 1)
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
