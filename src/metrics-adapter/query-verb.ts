/** How a source is asked. */
export enum QueryVerb {
  /** A query is in the URL. */
  GET = 'GET',
  /** A query is in the body. */
  POST = 'POST',
}
