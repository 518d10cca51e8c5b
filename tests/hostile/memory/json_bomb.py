# attack: brackets for the JSON parser's stack
# verdict: runtime_error
import json

json.loads("[" * 10**6)
