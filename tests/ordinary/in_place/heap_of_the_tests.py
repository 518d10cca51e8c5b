# shows: a heap that the tests own
# verdict: accepted
def push(heap, item):
    heap.append(item)
    at = len(heap) - 1
    while at and heap[(at - 1) // 2] > heap[at]:
        heap[at], heap[(at - 1) // 2] = heap[(at - 1) // 2], heap[at]
        at = (at - 1) // 2


def pop(heap):
    last = heap.pop()
    if not heap:
        return last
    least, heap[0], at = heap[0], last, 0
    while 2 * at + 1 < len(heap):
        child = 2 * at + 1
        if child + 1 < len(heap) and heap[child + 1] < heap[child]:
            child += 1
        if heap[at] <= heap[child]:
            break
        heap[at], heap[child] = heap[child], heap[at]
        at = child
    return least
# --- tests ---
def test_heap():
    heap = []
    for item in [5, 3, 8, 1]:
        push(heap, item)
    assert heap[0] == 1
    assert len(heap) == 4
    out = []
    while heap:
        out.append(pop(heap))
    assert out == [1, 3, 5, 8]
