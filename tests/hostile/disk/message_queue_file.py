# attack: a message queue made as a file
# verdict: forbidden runtime_error
open("/dev/mqueue/x", "w")
