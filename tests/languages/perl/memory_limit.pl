# shows: memory taken without end
# verdict: memory_limit
# limits: cpu_s=8 wall_s=10
my @held;
push @held, "x" x (1 << 22) while 1;
