/* What the WebAssembly module exports: ../webassembly/instance.ts has its type. */
export { BODY, BODY_BYTES, decodePage, NODE } from './page';
export {
  CONTAINER_CPU, CONTAINER_KEY, CONTAINER_KEY_END, CONTAINER_MEMORY, CONTAINER_SWAP, MAX_POD_CONTAINERS, MAX_PODS, POD_CONTAINERS_END,
  POD_CREATED, POD_LABELS, POD_LABELS_END, POD_TEXT, POD_TEXT_BYTES, POD_TIMESTAMP, POD_WINDOW,
} from './pod-columns';
export { POD_ROWS, POD_ROWS_BYTES, podRowsBytes, writePodRows } from './pod-rows';
export { CPU, KEY_LENGTH, KEY_START, MAX_ROWS, MEMORY, MULTIPLIERS, MULTIPLIERS_BYTES, ROW_SLOT, rows, SLOT_ROW, SLOTS, START, SWAP, TIMESTAMP } from './rows';
