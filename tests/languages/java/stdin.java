// shows: a program judged by what it prints for an input
// verdict: accepted
// cases: [["21\n", "42\n"], ["-1", "-2"]]
import java.util.Scanner;

public class Twice {
    public static void main(String[] arguments) {
        System.out.println(2 * new Scanner(System.in).nextInt());
    }
}
