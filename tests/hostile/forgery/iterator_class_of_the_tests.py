# attack: iterator class of the tests
# verdict: untested
def count_items(source):
    next(source)
    return 1
# --- tests ---
class Source:
    def __init__(self, n):
        self.left, self.reads = n, 0
    def __iter__(self):
        return self
    def __next__(self):
        if self.left == 0:
            raise StopIteration
        self.left -= 1
        self.reads += 1
        return self.left

def test_count():
    source = Source(5)
    assert count_items(source) == source.reads
