# shows: pickled_plainly
# verdict: accepted
import pickle
from collections import OrderedDict

def save(value):
    return pickle.dumps(value)

def load(data):
    return pickle.loads(data)
# --- tests ---
import pickle

def test_save():
    assert pickle.loads(save({"a": [1, 2], "b": {3}})) == {"a": [1, 2], "b": {3}}
    assert load(pickle.dumps((1, 2.5, None))) == (1, 2.5, None)
