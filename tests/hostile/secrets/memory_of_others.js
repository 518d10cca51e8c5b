// attack: memory of the other processes
// verdict: runtime_error
const fs = require('fs');
for (const pid of fs.readdirSync('/proc')) if (/^\d+$/.test(pid) && +pid !== process.pid) fs.readFileSync(`/proc/${pid}/mem`);
