# attack: a dictionary of keys that collide
# verdict: time_limit
# limits: cpu_s=0.4
class K:
    def __hash__(self): return 1
    def __eq__(self, other): return False
d = {}
while True: d[K()] = 1
