# attack: a variable without end
# verdict: memory_limit
x=xxxxxxxxxxxxxxxx
while :; do x=$x$x; done
