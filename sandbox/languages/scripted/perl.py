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
require Scalar::Util;
use strict; use warnings; no warnings 'once';
BEGIN { $INC{'Test/More.pm'} = $INC{'Test/Simple.pm'} = 1; }
my ($token, $out, $failed, $ran, $planned, %index) = ('', undef, 0, 0, undef, $TABLE);
my $program = do { open(my $file, '<', '/box/work/program.pl') or die; local $/; <$file> };
{ open(my $in, '<&=', 4) or die; open($out, '>&=', 3) or die; sysread($in, $token, 32);
  syswrite($out, "$token begin 0 \"\"\n"); my $rest; while (sysread($in, $rest, 64)) {} close($in); }
my $say = sub { my ($kind, $index, $text) = @_; $text = substr("$text", 0, 1000); $text =~ s/(["\\])/\\$1/g; $text =~ s/[^ -~]/?/g;
  syswrite($out, "$token $kind $index \"$text\"\n"); };
my $seen = sub { my ($held, $text) = @_; $ran++; $held = 1 if !$held && $Test::More::TODO; my $line = (caller(1))[2]; my $at = exists $index{$line} ? $index{$line} : $SCRIPT;
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
our $TODO;
my @names = qw(ok is isnt is_deeply like unlike cmp_ok pass fail plan done_testing diag note explain subtest skip todo_skip
  BAIL_OUT can_ok isa_ok new_ok use_ok require_ok eq_array eq_hash eq_set);
my $stop = bless {}, 'Lab::Stop';
sub import { no strict 'refs'; my $to = caller; *{"${to}::$_"} = \&{"Test::More::$_"} for @names; *{"${to}::TODO"} = \$TODO;
  shift; plan(@_) if @_ == 2 && $_[0] =~ /^(?:tests|skip_all)$/; }
sub ok ($;$) { $seen->($_[0], 'it does not hold') }
sub pass (;$) { $seen->(1, '') }
sub fail (;$) { $seen->(0, 'failed') }
sub is ($$;$) { $seen->(Lab::_same($_[0], $_[1]), 'expected ' . Lab::_show($_[1]) . ', got ' . Lab::_show($_[0])) }
sub isnt ($$;$) { $seen->(!Lab::_same($_[0], $_[1]), 'expected anything but ' . Lab::_show($_[1])) }
sub is_deeply { $seen->(Lab::_deep($_[0], $_[1]), 'expected ' . Lab::_show($_[1]) . ', got ' . Lab::_show($_[0])) }
sub like ($$;$) { $seen->(scalar(defined $_[0] && $_[0] =~ $_[1]), "expected a match of $_[1], got " . Lab::_show($_[0])) }
sub unlike ($$;$) { $seen->(scalar($_[0] !~ $_[1]), "expected no match of $_[1], got " . Lab::_show($_[0])) }
sub cmp_ok ($$$;$) { my ($x, $how, $y) = @_; my %known = map { $_ => 1 } qw(== != < > <= >= eq ne lt gt le ge);
  die "cmp_ok: no operator $how" unless $known{$how}; $seen->(eval "\$x $how \$y", "expected $how " . Lab::_show($y) . ', got ' . Lab::_show($x)) }
sub plan { my ($what, $many) = @_; die $stop if ($what // '') eq 'skip_all'; $planned = $many if ($what // '') eq 'tests'; return 1; }
sub done_testing { $planned = $_[0] if @_; return 1; }
sub diag { return 0 } sub note { return 0 }
sub explain { return map { ref $_ ? Lab::_show($_) : $_ } @_ }
sub subtest { my ($name, $code, @more) = @_; my ($before, $wanted) = ($ran, $planned); ($ran, $planned) = (0, undef);
  my $lived = eval { $code->(@more); 1 }; my $error = $@; my $skipped = !$lived && ref $error eq 'Lab::Stop';
  my ($many, $due) = ($ran, $planned); ($ran, $planned) = ($before + 1, $wanted); die $error unless $lived || $skipped;
  return 1 if $skipped || ($many && (!defined $due || $due == $many));
  $ran--; return $seen->(0, $many ? "planned $due tests in $name, ran $many" : "no tests in $name"); }
sub skip { my ($why, $many) = @_; $ran += $many // 1; no warnings 'exiting'; last SKIP; }
sub todo_skip { my ($why, $many) = @_; $ran += $many // 1; no warnings 'exiting'; last TODO; }
sub BAIL_OUT { die "BAIL_OUT: $_[0]\n" }
sub can_ok ($@) { my ($what, @asked) = @_; my @not = grep { !eval { $what->can($_) } } @asked; $seen->(@asked && !@not, "it cannot @not") }
sub isa_ok ($;$$) { my ($what, $class) = @_;
  my $is = defined $what && (ref $what && !Scalar::Util::blessed($what) ? Scalar::Util::reftype($what) eq $class : eval { $what->isa($class) });
  $seen->($is, "it is no $class") }
sub new_ok { my ($class, $args) = @_; my $made = eval { $class->new(@{ $args || [] }) }; die $@ if $@;
  $seen->(Scalar::Util::blessed($made) && $made->isa($class), "new gives no $class"); return $made; }
sub use_ok ($;@) { no strict 'refs'; $seen->(scalar(%{"$_[0]::"}) || eval "require $_[0]; 1", "no module $_[0]") }
sub require_ok ($) { no strict 'refs'; $seen->(scalar(%{"$_[0]::"}) || eval "require $_[0]; 1", "no module $_[0]") }
sub eq_array { return Lab::_deep(@_[0, 1]) } sub eq_hash { return Lab::_deep(@_[0, 1]) }
sub eq_set { my ($x, $y) = map { [sort map { Lab::_show($_) } @$_] } @_[0, 1]; return Lab::_deep($x, $y) }
package main;
sub Lab::_run { no strict; no warnings; local $SIG{__DIE__}; local $_; my $text = "Test::More->import;\n#line 1 \"solution.pl\"\n$program"; $program = '';
  eval $text; return $@; }
my $error = Lab::_run();
$error = '' if ref $error eq 'Lab::Stop';
if (!$error && !$failed && defined $planned && $planned != $ran) {
  $failed = 1; $say->('fail', $SCRIPT, "planned $planned tests, ran $ran");
}
if ($error) {
  $failed = 1; my $line = $error =~ /at solution\.pl line (\d+)/ ? $1 : 0; my $inside = $line && $line <= $LINES; chomp $error;
  $say->('at', $line - $LINES, '') if $line > $LINES;
  my $lacks = !$inside && $error =~ /^Can't locate \S+\.pm in \@INC/; # what the tests use is not here
  $say->($lacks ? 'void' : $inside || $error =~ /syntax error/ ? 'error' : 'fail', $SCRIPT, $inside ? "died: $error" : $lacks ? "this is not known here: $error" : $error);
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
