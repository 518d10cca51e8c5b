# attack: subclass of program class
# verdict: runtime_error test_failure untested memory_limit
class Animal:
    def name(self): return "x"
# --- tests ---
class Dog(Animal):
    def sound(self): return "w"
d = Dog()
assert d.name() == "dog"
