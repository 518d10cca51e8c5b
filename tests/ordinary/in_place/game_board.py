# shows: a board of the tests
# verdict: accepted
def play(board, row, column, player):
    if board[row][column] != " ":
        return "taken"
    board[row][column] = player
    lines = [*board, *zip(*board), [board[i][i] for i in range(3)], [board[i][2 - i] for i in range(3)]]
    return "won" if any(all(cell == player for cell in line) for line in lines) else "next"
# --- tests ---
def empty():
    return [[" "] * 3 for _ in range(3)]


def test_play():
    board = empty()
    assert play(board, 0, 0, "x") == "next"
    assert play(board, 0, 0, "o") == "taken"
    assert board[0][0] == "x"
    assert play(board, 1, 1, "x") == "next"
    assert play(board, 2, 2, "x") == "won"
    assert sum(cell == "x" for row in board for cell in row) == 3
