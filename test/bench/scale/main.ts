import { failuresTable, sharesTable } from './tables';

process.stdout.write(`${sharesTable()}\n\n${failuresTable()}\n`);
