# attack: a sleep that traps every signal
# verdict: wall_limit
# limits: wall_s=0.8
trap '' TERM INT HUP XCPU
sleep 1000
