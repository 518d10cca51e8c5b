# shows: a source that is no program
# verdict: parse_error
def add(a, b
  a +
end end
