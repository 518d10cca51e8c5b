// shows: a source that is no program
// verdict: compile_error
public class Broken { public static void Main() { int x = "text"; } }
