# attack: lone surrogate in the source
# verdict: parse_error
x = 'í €'
