# attack: PermissionError raised by hand
# verdict: forbidden
raise PermissionError(13, "x")
