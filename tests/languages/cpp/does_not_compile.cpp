// shows: a source that is no program
// verdict: compile_error
int add(int a, int b) { return a +; }
