// shows: a source that is no program
// verdict: parse_error
function add(a, b { return a; }
