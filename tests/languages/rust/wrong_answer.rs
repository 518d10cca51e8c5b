// shows: a function that its tests refuse
// verdict: test_failure
fn add(a: i64, b: i64) -> i64 { a - b }
// --- tests ---
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() { assert_eq!(add(1, 2), 3); }
}
