require('../projenrc/run-bundled')('start/main');
