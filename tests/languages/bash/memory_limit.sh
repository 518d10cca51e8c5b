# shows: memory taken without end
# verdict: memory_limit
# limits: cpu_s=8 wall_s=10
text=xxxxxxxxxxxxxxxx
while :; do text=$text$text; done
