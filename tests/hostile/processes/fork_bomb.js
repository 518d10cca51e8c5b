// attack: processes that start processes
// verdict: process_limit
const { spawn } = require('child_process');
for (let n = 0; n < 200; n++) spawn('/bin/sleep', ['60']).on('error', () => {});
