# attack: tests loop over all functions of the module, of which they see none
# verdict: untested
class Yes:
    def __eq__(self, o): return True
def solve_a(n): return Yes()
def solve_b(n): return Yes()
def zero(): return 0
# --- tests ---
import inspect
import solution
class TestAll:
    def test_all(self):
        for name, function in inspect.getmembers(solution, inspect.isfunction):
            if name.startswith("solve"):
                assert function(3) == 9
        assert solution.zero() == 0
