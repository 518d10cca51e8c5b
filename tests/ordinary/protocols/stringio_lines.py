# shows: stringio lines
# verdict: accepted
def count(f): return sum(1 for _ in f)
# --- tests ---
import io
assert count(io.StringIO("a\nb\n")) == 2
