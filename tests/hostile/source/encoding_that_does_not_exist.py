# attack: a first line that names an encoding there is not, coding: nonsense
# verdict: parse_error
x = 1
