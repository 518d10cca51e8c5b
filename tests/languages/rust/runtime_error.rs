// shows: a program that crashes
// verdict: runtime_error
fn main() {
    let numbers: Vec<i32> = Vec::new();
    println!("{}", numbers[numbers.len()]);
}
