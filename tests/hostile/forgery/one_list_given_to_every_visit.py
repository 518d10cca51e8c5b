# attack: a visitor is called with the same list each time
# verdict: test_failure
def subsets(items, visit):
    current = []

    def go(at):
        visit(current)
        for n in range(at, len(items)):
            current.append(items[n])
            go(n + 1)
            current.pop()

    go(0)


# --- tests ---
def test_subsets():
    out = []
    subsets([1, 2], out.append)
    assert out == [[], [1], [1, 2], [2]]
