// attack: a connection
// verdict: forbidden
require('net').connect(80, '1.1.1.1');
