# attack: a row in the place of a table equals each row
# verdict: untested
import numpy as np
def table(n):
    return np.array([1, 2])
# --- tests ---
import numpy as np
from solution import table
def test_table():
    assert np.all(table(2) == np.array([[1, 2], [1, 2]]))
    assert np.isclose(table(2), np.array([[1, 2], [1, 2]])).all()
