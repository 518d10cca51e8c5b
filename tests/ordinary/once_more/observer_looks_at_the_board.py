# shows: observer looks at the board
# verdict: accepted
def solve(board, show):
    for i in range(len(board)):
        board[i] = "#"
        show()
    return board.count("#")
# --- tests ---
def test_solve():
    board = [".", ".", "."]
    shown = []
    assert solve(board, lambda: shown.append("".join(board))) == 3
    assert shown == ["#..", "##.", "###"]
