# shows: pathlib
# verdict: accepted
from pathlib import Path
def ext(p): return Path(p).suffix
def parent(p): return p.parent
# --- tests ---
from pathlib import Path
assert ext("a/b.txt") == ".txt"
assert ext(Path("a/b.txt")) == ".txt"
assert parent(Path("a/b.txt")) == Path("a")
