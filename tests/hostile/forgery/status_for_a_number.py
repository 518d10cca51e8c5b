# attack: a member of an enumeration of the library where a number belongs
# verdict: test_failure
import http

def status(found):
    return http.HTTPStatus.OK if found else http.HTTPStatus.NOT_FOUND

# --- tests ---
def test_status():
    assert status(True) == 200
    assert type(status(True)) is int
