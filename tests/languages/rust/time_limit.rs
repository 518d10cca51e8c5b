// shows: a loop without end
// verdict: time_limit
// limits: cpu_s=0.5 wall_s=8
fn main() {
    let mut n: u64 = 0;
    loop { n = unsafe { std::ptr::read_volatile(&n) }.wrapping_add(1); }
}
