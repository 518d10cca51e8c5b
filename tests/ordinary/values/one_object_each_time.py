# shows: lists and dicts that the program gives twice, and those that it gives anew
# verdict: accepted
import collections


class Stack:
    def __init__(self):
        self.kept = []

    def push(self, item):
        self.kept.append(item)

    def items(self):
        return list(self.kept)

    def live(self):
        return self.kept


TABLE = collections.defaultdict(list)


def group(words):
    for word in words:
        TABLE[len(word)].append(word)
    return TABLE


def permutations(items):
    found, current = [], []

    def go(left):
        if not left:
            found.append(current[:])
        for item in left:
            current.append(item)
            go([other for other in left if other != item])
            current.pop()

    go(items)
    return found


def windows(items, size):
    window = collections.deque(maxlen=size)
    for item in items:
        window.append(item)
        if len(window) == size:
            yield list(window)


def states(n):
    grid = [[0] * n for _ in range(n)]
    for at in range(n):
        grid[at][at] = 1
        yield grid


def walk(n, visit):
    path = []
    for at in range(n):
        path.append(at)
        visit(path)
    return path


def push(heap, item):
    heap.append(item)
    heap.sort()
    return heap[0]


def new_heap():
    return []


# --- tests ---
from solution import Stack, new_heap, push, group, permutations, states, walk, windows


def test_items_are_copies():
    stack = Stack()
    stack.push(1)
    before = stack.items()
    stack.push(2)
    assert before == [1] and stack.items() == [1, 2]
    assert stack.items() is not stack.items()


def test_what_is_live():
    stack = Stack()
    stack.push(1)
    first = stack.live()
    stack.push(2)
    second = stack.live()
    assert first is second
    assert first == [1, 2]


def test_a_table():
    first = group(["a", "bb"])
    assert first == {1: ["a"], 2: ["bb"]}
    again = group(["c"])
    assert again is first and first[1] == ["a", "c"]


def test_permutations():
    assert permutations([1, 2, 3])[:2] == [[1, 2, 3], [1, 3, 2]]
    assert len({tuple(item) for item in permutations([1, 2, 3])}) == 6


def test_windows():
    assert list(windows([1, 2, 3, 4], 2)) == [[1, 2], [2, 3], [3, 4]]


def test_states():
    seen = []
    for grid in states(3):
        seen.append([row[:] for row in grid])
    assert [sum(map(sum, grid)) for grid in seen] == [1, 2, 3]


def test_walk():
    lengths = []
    assert walk(3, lambda path: lengths.append(len(path))) == [0, 1, 2]
    assert lengths == [1, 2, 3]


def test_what_is_live_is_seen_both_ways():
    stack = Stack()
    live = stack.live()
    stack.push(1)
    assert live == [1]
    live.append(2)
    assert stack.items() == [1, 2]
    stack.push(3)
    live.clear()
    stack.push(4)
    assert live == [4] == stack.items()


def test_a_list_it_gave_is_given_to_it():
    heap = new_heap()
    assert [push(heap, item) for item in (3, 1, 2)] == [3, 1, 1]
    assert heap == [1, 2, 3]
    heap.append(0)
    assert push(heap, 5) == 0 and heap == [0, 1, 2, 3, 5]
    assert new_heap() == []


def test_many():
    kept = [permutations([n, n + 1]) for n in range(300)]
    assert kept[0] == [[0, 1], [1, 0]] and kept[299] == [[299, 300], [300, 299]]
    assert len(kept) == 300
