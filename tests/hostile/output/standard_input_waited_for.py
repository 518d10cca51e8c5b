# attack: input that never comes
# verdict: runtime_error
# stdin: "only one line\n"
while True:
    input()
