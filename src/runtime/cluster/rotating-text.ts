/** Something that is read each time it is needed, for it may change. */
export interface RotatingText {
  /** Why the text in use is not what there is now. */
  readonly failure?: string;
  read(): string;
  /** The next read goes to the source. */
  invalidate(): void;
}
