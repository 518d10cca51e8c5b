// shows: a source that is no program
// verdict: compile_error
class Add { static int add(int a) { return a } }
