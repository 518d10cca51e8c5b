// shows: the smallest program
// verdict: untested
fn main() { println!("hello"); }
