# shows: the smallest program
# verdict: untested
print "hello\n";
