// shows: a program that crashes
// verdict: runtime_error
public class Crash {
    public static void main(String[] arguments) { System.out.println(new int[0][1]); Object o = null; o.toString(); }
}
