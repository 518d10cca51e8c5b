// shows: a program judged by what it prints for an input
// verdict: accepted
// cases: [["21\n", "42\n"], ["-1", "-2"]]
fn main() {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    println!("{}", 2 * line.trim().parse::<i64>().unwrap());
}
