# attack: pytest method loop after isinstance
# verdict: untested
def primes(n): return []
# --- tests ---
class TestA:
    def test_a(self):
        ps = primes(30)
        assert isinstance(ps, list)
        for p in ps:
            assert p > 1
