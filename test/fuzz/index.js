// npm run fuzz [-- --minutes 10] [names]
require('../../projenrc/run-bundled')('test/fuzz/main');
