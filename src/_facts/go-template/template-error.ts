/** A template that Go would refuse, or that needs more of its template language than is known here. */
export class TemplateError extends Error {
  readonly name = 'TemplateError';

  /** `offset` counts UTF-16 units from the beginning of the template. */
  constructor(message: string, readonly offset: number) {
    super(message);
  }
}
