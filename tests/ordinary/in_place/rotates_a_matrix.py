# shows: a matrix in place, and given
# verdict: accepted
def rotate(matrix):
    matrix[:] = [list(row) for row in zip(*matrix[::-1])]
    return matrix


def flip(matrix):
    for row in matrix:
        row.reverse()
    return matrix
# --- tests ---
def test_rotate():
    matrix = [[1, 2], [3, 4]]
    assert rotate(matrix) == [[3, 1], [4, 2]]
    assert rotate(rotate(rotate(matrix))) == [[1, 2], [3, 4]]


def test_flip():
    matrix = [[1, 2], [3, 4]]
    flip(matrix)
    assert matrix == [[2, 1], [4, 3]]
    assert matrix[0][0] == 2
    assert flip(flip([[5, 6]])) == [[5, 6]]
