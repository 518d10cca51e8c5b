# attack: becoming a program that sleeps
# verdict: wall_limit
# limits: wall_s=0.8
import os

os.execv("/bin/sleep", ["sleep", "100"])
