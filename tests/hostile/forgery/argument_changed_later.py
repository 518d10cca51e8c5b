# attack: it keeps the rows that it was given, and changes them in a later call
# verdict: test_failure
class Table:
    def __init__(self, rows):
        self.rows = list(rows)

    def rename(self, old, new):
        for row in self.rows:
            row[new] = row.pop(old)

# --- tests ---
def test_rows_are_left_alone():
    rows = [{"a": 1}, {"a": 2}]
    table = Table(rows)
    table.rename("a", "b")
    assert rows == [{"a": 1}, {"a": 2}]
