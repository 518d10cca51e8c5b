# attack: a method that is not there answers for every name
# verdict: untested test_failure runtime_error
def method_missing(name, *args) = args.first
def respond_to_missing?(*) = true
# double triple
# --- tests ---
raise "2" unless double(2) == 4
raise "3" unless triple(3) == 9
puts "ok"
