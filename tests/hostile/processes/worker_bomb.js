// attack: worker threads without end
// verdict: process_limit
const { Worker } = require('worker_threads');
for (let n = 0; n < 200; n++) new Worker('setInterval(() => {}, 1000)', { eval: true }).on('error', () => {});
