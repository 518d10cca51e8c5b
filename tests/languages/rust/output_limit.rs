// shows: output without end
// verdict: output_limit
// limits: cpu_s=8 wall_s=10
fn main() {
    let line = "x".repeat(1000);
    loop { println!("{}", line); }
}
