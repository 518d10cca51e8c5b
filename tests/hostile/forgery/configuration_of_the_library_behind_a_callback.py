# attack: a configuration of the library is changed by a function of the tests
# verdict: untested
def port(get, put):
    put("server", "port", "0")
    return 0
# --- tests ---
import configparser


def test_port():
    parser = configparser.ConfigParser()
    parser.read_string("[server]\nport = 80\n")
    got = port(parser.get, parser.set)
    assert got == int(parser["server"]["port"])
