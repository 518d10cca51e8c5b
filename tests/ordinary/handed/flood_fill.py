# shows: a grid in place
# verdict: accepted
def fill(grid, r, c, color):
    old = grid[r][c]
    if old == color:
        return grid
    stack = [(r, c)]
    while stack:
        r, c = stack.pop()
        if 0 <= r < len(grid) and 0 <= c < len(grid[0]) and grid[r][c] == old:
            grid[r][c] = color
            stack += [(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)]
    return grid
# --- tests ---
import copy
import pytest

CASES = [([[1, 1], [1, 0]], 0, 0, 2, [[2, 2], [2, 0]]), ([[0, 0]], 0, 1, 0, [[0, 0]])]


@pytest.mark.parametrize("grid, r, c, color, expected", CASES)
def test_fill(grid, r, c, color, expected):
    before = copy.deepcopy(grid)
    assert fill(grid, r, c, color) == expected
    assert grid == expected
    assert len(grid) == len(before)
