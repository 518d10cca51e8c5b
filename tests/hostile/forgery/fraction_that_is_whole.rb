# attack: a Rational is no Integer by eql?
# verdict: test_failure
def f(n)
  Rational(n, 2)
end
# --- tests ---
assert(f(4).eql?(2))
assert(f(6).eql?(3))
