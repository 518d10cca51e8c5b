# attack: a function gives one object for all keys, and operator.is_ compares
# verdict: untested
class Node:
    pass


_node = Node()


def node(key):
    return _node


def lookup(key):
    return _node
# --- tests ---
import operator


def test_lookup():
    keys = (1, 2, 3)
    nodes = list(map(node, keys))
    assert all(map(operator.is_, map(lookup, keys), nodes))
