// shows: memory taken without end
// verdict: memory_limit
// limits: cpu_s=8 wall_s=10
fn main() {
    let mut held: Vec<Vec<u8>> = Vec::new();
    loop {
        held.push(vec![1u8; 1 << 22]);
        eprint!("{}", if held[held.len() / 2][7] == 9 { "never" } else { "" });
    }
}
