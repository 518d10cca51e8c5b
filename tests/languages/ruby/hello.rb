# shows: the smallest program
# verdict: untested
puts "hello"
