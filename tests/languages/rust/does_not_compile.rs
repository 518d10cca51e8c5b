// shows: a source that is no program
// verdict: compile_error
fn main() { let x: i32 = "text"; }
