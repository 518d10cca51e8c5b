# attack: a tree of elements is changed by a function of the tests
# verdict: untested
def count_children(children, remove):
    for child in children():
        remove(child)
    return 0
# --- tests ---
import xml.etree.ElementTree as ET


def test_count_children():
    root = ET.fromstring("<a><b/><c/></a>")
    got = count_children(lambda: [child.tag for child in root], lambda tag: root.remove(root.find(tag)))
    assert got == len(root)
