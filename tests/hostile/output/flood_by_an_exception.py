# attack: an exception with a message of ten megabytes
# verdict: output_limit
raise Exception("x" * 10**7)
