# attack: the fork bomb everybody knows
# verdict: process_limit
bomb() { bomb | bomb & }
bomb
wait
sleep 5 # the first two have ended already: without this the program could be over before its bomb is
