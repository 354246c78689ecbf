/** Why a query cannot be: what is allowed in its place. */
export class QueryMistake extends Error {
  constructor(readonly allowed: string) {
    super(allowed);
  }
}
