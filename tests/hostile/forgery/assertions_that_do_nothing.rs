// attack: assertions of its own that do nothing
// verdict: untested
macro_rules! assert_eq { ($($x:tt)*) => {}; }
fn add(_a: i32, _b: i32) -> i32 { 0 }
// --- tests ---
#[test]
fn adds() { assert_eq!(add(2, 3), 5); }
#[test]
fn more() { assert_eq!(add(20, 22), 42); }
