# attack: a class that is derived from all that the tests ask for
# verdict: untested
class Json: pass
class Xml: pass
class Both(Json, Xml):
    name = "x"
def plugin(kind): return Both
# --- tests ---
def test_plugin():
    assert issubclass(plugin("json"), Json)
    assert issubclass(plugin("xml"), Xml)
    assert plugin("xml").name == "x"
