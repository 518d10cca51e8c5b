"""Perl: the harness reads program and tests as text, then evaluates them; Test::More is a small one of ours.

Each `ok`, `is`, `isnt`, `is_deeply`, `like`, `cmp_ok` of the tests that stands at the left margin is a test of its own.
"""

from __future__ import annotations

import re

from sandbox.languages.diagnostics import lines
from sandbox.languages.language import BOX, Dialect, Language, Translation
from sandbox.languages.script import Script
from sandbox.languages.values import Spelling, arrows, escaped

ASSERTION = re.compile(r"(?:ok|is|isnt|is_deeply|like|unlike|cmp_ok|pass|fail)\b\s*\(?.*")


def assemble(code: str, tests: str) -> Script:
    """The harness, with the program in a file of its own; calls are told apart by their lines."""
    code = re.split(r"^__(?:END|DATA)__$", code, maxsplit=1, flags=re.MULTILINE)[0]
    lines = code.count("\n") + 1
    units = [(n, line.strip()) for n, line in enumerate(tests.split("\n"), 1) if ASSERTION.fullmatch(line)]
    table = ", ".join(f"{lines + n} => {index}" for index, (n, _) in enumerate(units))
    harness = _HARNESS.replace("$TABLE", table).replace("$SCRIPT", str(len(units))).replace("$LINES", str(lines))
    return Script(harness, {"program.pl": f"{code}\n{tests}\n"}, units=(*units, (1, "the test script")))


_HARNESS = r"""
package Lab;
use strict; use warnings;
BEGIN { $INC{'Test/More.pm'} = $INC{'Test/Simple.pm'} = 1; }
my ($token, $out, $failed, %index) = ('', undef, 0, $TABLE);
my $program = do { open(my $file, '<', '/box/work/program.pl') or die; local $/; <$file> };
{ open(my $in, '<&=', 4) or die; open($out, '>&=', 3) or die; sysread($in, $token, 32);
  syswrite($out, "$token begin 0 \"\"\n"); my $rest; while (sysread($in, $rest, 64)) {} close($in); }
my $say = sub { my ($kind, $index, $text) = @_; $text = substr("$text", 0, 1000); $text =~ s/(["\\])/\\$1/g; $text =~ s/[^ -~]/?/g;
  syswrite($out, "$token $kind $index \"$text\"\n"); };
my $seen = sub { my ($held, $text) = @_; my $line = (caller(1))[2]; my $at = exists $index{$line} ? $index{$line} : $SCRIPT;
  $failed = 1 unless $held; $say->('at', $line - $LINES, '') if $at == $SCRIPT && $line > $LINES;
  $say->($held ? 'ok' : 'fail', $at, $held ? '' : $text); return $held; };
sub _show { my ($value) = @_; require Data::Dumper; local $Data::Dumper::Terse = 1; local $Data::Dumper::Indent = 0; local $Data::Dumper::Sortkeys = 1;
  return defined $value ? Data::Dumper::Dumper($value) : 'undef'; }
sub _same { my ($x, $y) = @_; return !defined $x && !defined $y if !defined $x || !defined $y; return $x eq $y; }
sub _deep { my ($x, $y) = @_;
  return _same($x, $y) if !ref $x && !ref $y; return 0 if ref $x ne ref $y;
  if (ref $x eq 'ARRAY') { return 0 if @$x != @$y; for my $n (0 .. $#$x) { return 0 unless _deep($x->[$n], $y->[$n]) } return 1; }
  if (ref $x eq 'HASH') { return 0 if keys %$x != keys %$y; for my $k (keys %$x) { return 0 unless exists $y->{$k} && _deep($x->{$k}, $y->{$k}) } return 1; }
  return $x eq $y; }
package Test::More;
my @names = qw(ok is isnt is_deeply like unlike cmp_ok pass fail plan done_testing diag note);
sub import { no strict 'refs'; my $to = caller; *{"${to}::$_"} = \&{"Test::More::$_"} for @names; }
sub ok ($;$) { $seen->($_[0], 'it does not hold') }
sub pass (;$) { $seen->(1, '') }
sub fail (;$) { $seen->(0, 'failed') }
sub is ($$;$) { $seen->(Lab::_same($_[0], $_[1]), 'expected ' . Lab::_show($_[1]) . ', got ' . Lab::_show($_[0])) }
sub isnt ($$;$) { $seen->(!Lab::_same($_[0], $_[1]), 'expected anything but ' . Lab::_show($_[1])) }
sub is_deeply { $seen->(Lab::_deep($_[0], $_[1]), 'expected ' . Lab::_show($_[1]) . ', got ' . Lab::_show($_[0])) }
sub like ($$;$) { $seen->($_[0] =~ $_[1], "expected a match of $_[1], got " . Lab::_show($_[0])) }
sub unlike ($$;$) { $seen->($_[0] !~ $_[1], "expected no match of $_[1], got " . Lab::_show($_[0])) }
sub cmp_ok ($$$;$) { my ($x, $how, $y) = @_; my %known = map { $_ => 1 } qw(== != < > <= >= eq ne lt gt le ge);
  die "cmp_ok: no operator $how" unless $known{$how}; $seen->(eval "\$x $how \$y", "expected $how " . Lab::_show($y) . ', got ' . Lab::_show($x)) }
sub plan { } sub done_testing { } sub diag { } sub note { }
package main;
sub Lab::_run { no strict; no warnings; local $SIG{__DIE__}; local $_; my $text = "Test::More->import;\n#line 1 \"solution.pl\"\n$program"; $program = '';
  eval $text; return $@; }
my $error = Lab::_run();
if ($error) {
  $failed = 1; my $line = $error =~ /at solution\.pl line (\d+)/ ? $1 : 0; my $inside = $line && $line <= $LINES; chomp $error;
  $say->('at', $line - $LINES, '') if $line > $LINES;
  $say->($inside || $error =~ /syntax error/ ? 'error' : 'fail', $SCRIPT, $inside ? "died: $error" : $error);
}
$| = 1; print '';
$say->('ok', $SCRIPT, '') unless $failed;
$say->('end', 0, '');
require POSIX; POSIX::_exit(0);
"""


LANGUAGE = Language(
    "perl",
    (".pl", ".pm"),
    solution="solution.pl",
    main="main.pl",
    parse=("/usr/bin/perl", "-wc", f"{BOX}/solution.pl"),
    parse_runs_code=True,
    run=("/usr/bin/perl", f"{BOX}/main.pl"),
    version=("/usr/bin/perl", "-e", 'print "perl $^V\\n"'),
    readers={"parse": lines("perl", r"^(?P<message>.*) at /box/work/solution\.pl line (?P<line>\d+)")},
    packages=("perl", "libdata-compare-perl"),
    aliases=("pl",),
    memory_signs=("Out of memory",),
    assemble=assemble,
    dialect=Dialect(
        "perl",
        "Perl",
        translation=Translation(
            Spelling(escaped("$@", "\\x{{{:x}}}"), "1", "0", "undef", whole=2**53 - 1, pairs=arrows("{{{}}}")),
            signature="sub {name}",
            parameter="{name}",
            example="sub count_even {\n    my ($numbers) = @_;\n    return scalar grep { $_ % 2 == 0 } @$numbers;\n}",
            equal="is({0}, {1});",
            near="ok(abs({0} - ({1})) <= {2});",
            truth="is({0} ? 1 : 0, {1});",
            deep="is_deeply({0}, {1});",
            before="use Test::More;\n",
            after="done_testing();\n",
            counts_letters=False,
        ),
    ),
)
