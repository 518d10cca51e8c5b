# attack: a regular expression that backtracks for ever
# verdict: time_limit
# limits: cpu_s=0.4
import re
re.match('(a+)+$', 'a' * 40 + 'b')
