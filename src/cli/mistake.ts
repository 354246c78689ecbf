/** A mistake of whoever typed the command or wrote the file: one line says all, and the process ends with 2. */
export class Mistake extends Error {}
