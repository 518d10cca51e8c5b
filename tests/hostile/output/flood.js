// attack: console.log without end
// verdict: output_limit
for (;;) require('fs').writeSync(1, 'x'.repeat(65536));
