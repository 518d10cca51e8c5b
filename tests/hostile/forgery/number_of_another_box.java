// attack: a long where the tests compare with an integer
// verdict: test_failure
class Doubled { static Object doubled(int n) { return 2L * n; } }
// --- tests ---
class Main {
    public static boolean compare(Object obj1, Object obj2) {
        if (obj1 == null && obj2 == null){
            return true;
        } else if (obj1 == null || obj2 == null){
            return false;
        } else {
            return obj1.equals(obj2);
        }
    }

    public static void main(String[] args) throws Exception {
        Object x0 = Doubled.doubled(2);
        Object v0 = 4;
        if (!(compare(x0, v0))) {
            throw new java.lang.Exception("Exception -- test case 0 did not pass. x0 = " + x0);
        }
    }
}
