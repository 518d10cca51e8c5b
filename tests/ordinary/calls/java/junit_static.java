// shows: junit static
// verdict: accepted
// limits: cpu_s=10
public class TextTools {
    public static String reverse(String text) { return new StringBuilder(text).reverse().toString(); }
    public static int vowels(String text) { int n = 0; for (char c : text.toCharArray()) if ("aeiou".indexOf(c) >= 0) n++; return n; }
}
// --- tests ---
import static org.junit.jupiter.api.Assertions.*;
import org.junit.jupiter.api.Test;

class TextToolsTest {
    @Test
    void reversesText() {
        assertEquals("cba", TextTools.reverse("abc"));
        assertEquals("", TextTools.reverse(""));
    }

    @Test
    void countsVowels() {
        assertEquals(2, TextTools.vowels("hello"));
    }
}
