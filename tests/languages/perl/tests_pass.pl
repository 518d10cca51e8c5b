# shows: a function judged by its tests
# verdict: accepted
sub add { my ($x, $y) = @_; return $x + $y; }
# --- tests ---
use Test::More;
is(add(1, 2), 3);
is_deeply([add(-1, 1)], [0]);
done_testing();
