# shows: a source that is no program
# verdict: parse_error
sub add { my ($x = @_; return $x; 
