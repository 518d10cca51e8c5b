# attack: white space no reader sees
# verdict: parse_error
if True:
	x = 1
        y = 2

   z = 3
