// shows: a source that is no program
// verdict: compile_error
export function add(a: number): string { return a; }
