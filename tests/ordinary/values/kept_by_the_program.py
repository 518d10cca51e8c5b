# shows: lists, dicts and functions of the tests that the program keeps
# verdict: accepted
class Bag:
    def __init__(self, items, own):
        self.items = list(items) if own else items

    def total(self):
        return sum(self.items)

    def add(self, item):
        self.items.append(item)


class Tree:
    def __init__(self, nodes):
        self.nodes = nodes

    def link(self, a, b):
        self.nodes[a]["kids"].append(self.nodes[b])


class Bus:
    def __init__(self):
        self.handlers = []

    def on(self, handler):
        self.handlers.append(handler)

    def off(self, handler):
        self.handlers.remove(handler)

    def emit(self, event):
        for handler in list(self.handlers):
            handler(event)


def visit(items, seen):
    for item in list(items):
        seen(item)
    return len(items)


def attempt(change, items):
    try:
        change(items)
    except ValueError:
        items.append("failed")
    return items


# --- tests ---
def test_a_list_of_its_own_stays():
    items = [1, 2, 3]
    bag = Bag(items, True)
    items.append(10)
    assert bag.total() == 6


def test_one_that_is_shared_is_one():
    items = [1, 2, 3]
    bag = Bag(items, False)
    items.append(10)
    assert bag.total() == 16
    bag.add(4)
    assert items == [1, 2, 3, 10, 4]
    assert bag.items is items
    items.clear()
    assert bag.total() == 0
    bag.items.append(7)
    assert bag.total() == 7
    assert items == [7]


def test_what_lies_within():
    nodes = {"a": {"kids": []}, "b": {"kids": []}}
    tree = Tree(nodes)
    tree.link("a", "b")
    assert nodes["a"]["kids"] == [{"kids": []}]
    assert nodes["a"]["kids"][0] is nodes["b"]
    nodes["c"] = {"kids": [nodes["a"]]}
    tree.link("b", "c")
    assert nodes["b"]["kids"] == [nodes["c"]]


def test_handlers_are_found_again():
    bus, seen = Bus(), []
    bus.on(seen.append)
    bus.emit(1)
    bus.off(seen.append)
    bus.emit(2)
    assert seen == [1]


def test_what_a_callback_changes_is_seen_in_the_call():
    items = [1, 2]
    assert visit(items, lambda item: items.append(item)) == 4
    assert items == [1, 2, 1, 2]


def test_what_it_changed_before_it_raised_stays():
    def change(items):
        items.append(0)
        raise ValueError

    items = [1]
    assert attempt(change, items) == [1, 0, "failed"]
    assert items == [1, 0, "failed"]
