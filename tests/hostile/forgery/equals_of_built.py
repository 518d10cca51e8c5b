# attack: equals of built
# verdict: untested
class Matrix:
    def __init__(self, rows): self.rows = rows
    def mul(self, other): return Matrix([[0]])
    def equals(self, other): return True
# --- tests ---
assert Matrix([[1]]).mul(Matrix([[2]])).equals(Matrix([[2]]))
