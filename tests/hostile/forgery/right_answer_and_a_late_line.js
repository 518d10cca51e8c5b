// attack: the right output, and a child that would add to it after the end
// verdict: accepted
// cases: [["", "5\n"]]
require('child_process').spawn('/bin/sh', ['-c', 'sleep 0.5; echo 6'], {stdio: 'inherit', detached: true}).unref();
console.log(5);
