/* The pods whose rows are written next, in columns that JavaScript fills: see ../api/metrics/simd-pod-rows.ts. */

export const MAX_PODS: i32 = 32;
export const MAX_POD_CONTAINERS: i32 = 512;

/** When the list is made, as RFC 3339 has it. */
export const POD_CREATED = memory.data(32, 16);

export const POD_TIMESTAMP = memory.data(MAX_PODS * 8, 16);
export const POD_WINDOW = memory.data(MAX_PODS * 8, 16);
/** Where its labels begin and end in the text: no labels, where that is one place. */
export const POD_LABELS = memory.data(MAX_PODS * 4, 16);
export const POD_LABELS_END = memory.data(MAX_PODS * 4, 16);
/** The container after its last; its first is the one after those of the pod before. */
export const POD_CONTAINERS_END = memory.data(MAX_PODS * 4, 16);

export const CONTAINER_CPU = memory.data(MAX_POD_CONTAINERS * 8, 16);
export const CONTAINER_MEMORY = memory.data(MAX_POD_CONTAINERS * 8, 16);
export const CONTAINER_SWAP = memory.data(MAX_POD_CONTAINERS * 8, 16);
/** Where its key begins and ends in the text, without what stands before its name: `app",namespace="default",pod="web-1"`. */
export const CONTAINER_KEY = memory.data(MAX_POD_CONTAINERS * 4, 16);
export const CONTAINER_KEY_END = memory.data(MAX_POD_CONTAINERS * 4, 16);

/** Keys, and labels as JSON. Behind it is room, because bytes are read sixteen at a time. */
export const POD_TEXT_BYTES: i32 = 128 * 1024;
export const POD_TEXT = memory.data(POD_TEXT_BYTES + 16, 16);
