# attack: a variable without end
# verdict: memory_limit
# limits: cpu_s=4 wall_s=10
x=xxxxxxxxxxxxxxxx
while :; do x=$x$x; done
