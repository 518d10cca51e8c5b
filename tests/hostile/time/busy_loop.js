// attack: a loop
// verdict: time_limit
// limits: cpu_s=0.6
for (;;) {}
