# shows: numbers of numpy, members of the library's enumerations, and what else it has of plain types
# verdict: accepted
import http
import re
import time

import numpy as np


def mean(xs):
    return np.mean(xs)


def status(found):
    return http.HTTPStatus.OK if found else http.HTTPStatus.NOT_FOUND


def is_fine(code):
    return code is http.HTTPStatus.OK


def flags():
    return re.I | re.M


def day():
    return time.gmtime(0)


def word():
    return np.array(["a", "b"])[0]


def scale(xs, by):
    xs *= by


# --- tests ---
import re
from http import HTTPStatus

import numpy as np


def test_numbers():
    assert mean([1, 2]) == 1.5
    assert isinstance(mean([1, 2]), float)
    assert type(mean([1, 2])) is np.float64
    assert f"{mean([1, 2]):.2f}" == "1.50"
    assert word() == "a"


def test_an_array_is_changed_in_place():
    xs = np.array([1.0, 2.0, 3.0])
    scale(xs[1:], 10)
    assert xs.tolist() == [1, 20, 30]


def test_members():
    assert status(True) is HTTPStatus.OK
    assert status(False).phrase == "Not Found"
    assert is_fine(HTTPStatus.OK) is True
    assert flags() == re.I | re.M


def test_times():
    assert day().tm_year == 1970
    assert day()[:3] == (1970, 1, 1)
