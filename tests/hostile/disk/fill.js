// attack: a file without end
// verdict: disk_limit
const fs = require('fs');
const fd = fs.openSync('/tmp/x', 'w');
for (;;) fs.writeSync(fd, Buffer.alloc(1 << 20));
