# shows: nested lists in a dict of the tests
# verdict: accepted
def add_child(tree, parent, name):
    if tree["name"] == parent:
        tree["children"].append({"name": name, "children": []})
        return True
    return any(add_child(child, parent, name) for child in tree["children"])


def names(tree):
    return [tree["name"], *(name for child in tree["children"] for name in names(child))]
# --- tests ---
def test_tree():
    tree = {"name": "root", "children": []}
    assert add_child(tree, "root", "a")
    assert add_child(tree, "a", "b")
    assert not add_child(tree, "none", "c")
    assert names(tree) == ["root", "a", "b"]
    assert tree["children"][0]["name"] == "a"
