/** What is taken of one answer, whoever writes it. */
export const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

/** What one answer, or all pods of a metric together, give of a metric. */
export const MAX_SAMPLES = 50_000;

/** More is nothing that a metric is chosen or shown by. */
export const MAX_LABEL_CHARACTERS = 4096;
