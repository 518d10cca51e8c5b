// attack: a name looked up
// verdict: forbidden
require('dns').lookup('example.com', () => {});
