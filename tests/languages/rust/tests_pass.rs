// shows: a function judged by its tests
// verdict: accepted
fn add(a: i64, b: i64) -> i64 { a + b }
// --- tests ---
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn adds() { assert_eq!(add(1, 2), 3); }
}
