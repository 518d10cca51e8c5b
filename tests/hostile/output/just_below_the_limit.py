# attack: fifteen times what is kept, which is drained and cut
# verdict: untested
print("x" * (15 * 65536))
