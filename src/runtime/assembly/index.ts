/* What the WebAssembly module exports: ../webassembly/instance.ts has its type. */
export { BODY, BODY_BYTES, decodePage, NODE } from './page';
export { CPU, KEY_LENGTH, KEY_START, MAX_ROWS, MEMORY, MULTIPLIERS, MULTIPLIERS_BYTES, ROW_SLOT, rows, SLOT_ROW, SLOTS, START, SWAP, TIMESTAMP } from './rows';
