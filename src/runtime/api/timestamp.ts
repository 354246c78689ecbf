/** RFC 3339 in UTC with whole seconds, cut off, as meta.k8s.io/v1 Time is written. */
export function timestamp(unixMs: number): string {
  return `${new Date(unixMs).toISOString().slice(0, 'yyyy-mm-ddThh:mm:ss'.length)}Z`;
}
