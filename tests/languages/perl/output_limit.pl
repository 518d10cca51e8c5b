# shows: output without end
# verdict: output_limit
# limits: cpu_s=8 wall_s=10
print "x" x 1000, "\n" while 1;
