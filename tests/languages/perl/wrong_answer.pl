# shows: a function that its tests refuse
# verdict: test_failure
sub add { my ($x, $y) = @_; return $x - $y; }
# --- tests ---
use Test::More;
is(add(1, 2), 3);
is_deeply([add(-1, 1)], [0]);
done_testing();
