# shows: put at the end
# verdict: accepted
# limits: cpu_s=5
def sum_of_digits(n) = n.digits.sum
# --- tests ---
result = sum_of_digits(123)
raise "123" unless result == 6
raise "0" unless sum_of_digits(0) == 0
puts "ok"
