# attack: an exit status that is no number
# verdict: runtime_error
class X:
    def __str__(self):
        raise KeyboardInterrupt


raise SystemExit(X())
