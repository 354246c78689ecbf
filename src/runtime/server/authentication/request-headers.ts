/** A request's headers, each value as it was sent: Node joins duplicates with commas, which a group's name may contain. */
export class RequestHeaders {
  private readonly values = new Map<string, string[]>();

  /** Names and values in turn, as IncomingMessage.rawHeaders has them. */
  constructor(rawHeaders: readonly string[]) {
    for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
      const name = rawHeaders[index].toLowerCase();
      const value = decoded(rawHeaders[index + 1]);
      const values = this.values.get(name);
      if (values) values.push(value);
      else this.values.set(name, [value]);
    }
  }

  all(name: string): readonly string[] {
    return this.values.get(name.toLowerCase()) ?? [];
  }

  first(name: string): string | undefined {
    return this.all(name)[0];
  }

  /** Headers whose name starts so, by the rest of their lower-case name. */
  withPrefix(prefix: string): [rest: string, values: readonly string[]][] {
    const start = prefix.toLowerCase();
    const found: [string, readonly string[]][] = [];
    for (const [name, values] of this.values) if (name.startsWith(start)) found.push([name.slice(start.length), values]);
    return found;
  }
}

/** Node reads header bytes as Latin-1; what is sent is UTF-8. */
function decoded(value: string): string {
  return /[\x80-\xff]/.test(value) ? Buffer.from(value, 'latin1').toString('utf8') : value;
}
