// shows: main of all kinds
// verdict: accepted
// limits: cpu_s=10
import java.util.*;
class Solution {
    static double area(double r) { return Math.PI * r * r; }
    static String upper(String s) { return s.toUpperCase(); }
    static List<String> words(String s) { return Arrays.asList(s.split(" ")); }
    static boolean blank(String s) { return s.trim().isEmpty(); }
    static char first(String s) { return s.charAt(0); }
}
// --- tests ---
import java.util.*;

public class Main {
    public static void main(String[] args) {
        if (Solution.area(0) != 0) throw new IllegalStateException("area");
        if (!Solution.upper("ab").equals("AB")) { throw new IllegalStateException("upper"); }
        if (!"X".equals(Solution.upper("x"))) throw new IllegalStateException("x");
        if (!Solution.words("a b").equals(List.of("a", "b"))) {
            throw new IllegalArgumentException("words");
        }
        if (!Solution.blank("  ")) throw new AssertionError("blank");
        if (Solution.blank("a")) throw new AssertionError("not blank");
        if (Solution.first("abc") != 'a') throw new RuntimeException();
        System.out.println("All tests passed");
    }
}
