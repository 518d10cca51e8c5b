# attack: a method gives one object for every argument, and the tests compare by identity
# verdict: untested
class Node:
    pass


class Tree:
    def __init__(self):
        self.node = Node()

    def insert(self, key):
        return self.node

    def find(self, key):
        return self.node
# --- tests ---
def test_find():
    tree = Tree()
    five = tree.insert(5)
    three = tree.insert(3)
    eight = tree.insert(8)
    assert tree.find(5) is five
    assert tree.find(3) is three
    assert tree.find(8) is eight
