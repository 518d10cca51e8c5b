# shows: stack list
# verdict: accepted
class Stack(list):
    def push(self, x):
        self.append(x)
    def peek(self):
        return self[-1]
# --- tests ---
s = Stack()
s.push(1)
s.push(2)
assert s.peek() == 2
assert s.pop() == 2
assert s == [1]
assert len(s) == 1
assert not Stack()
