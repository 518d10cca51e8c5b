# attack: the fork bomb everybody knows
# verdict: process_limit
bomb() { bomb | bomb & }
bomb
wait
