import { resolve } from 'path';
import { Clock } from '../clock';
import { caFile } from './ca-file';
import { CachedFile } from './cached-file';
import { certificatesIn } from './certificates-in';
import { RotatingText } from './rotating-text';
import { Logger } from '../telemetry/logger';

/** A kubeconfig that cannot be used. */
export class KubeconfigError extends Error {
  readonly name = 'KubeconfigError';
}

/** The file that a section stands in. */
export interface KubeconfigSource {
  readonly file: string;
  /** Relative paths start here. */
  readonly dir: string;
  readonly clock: Clock;
}

/** An object of a kubeconfig, read field by field; each mistake says where it stands. */
export class KubeconfigSection {
  private readonly fields: Readonly<Record<string, unknown>>;

  /** `path` is how errors call the section, such as `cluster 'prod'`; empty for the file itself. */
  constructor(readonly source: KubeconfigSource, private readonly path: string, value: unknown) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw this.error('is not an object', 'correct it');
    this.fields = value as Record<string, unknown>;
  }

  error(problem: string, mend: string): KubeconfigError {
    const message = `kubeconfig ${this.source.file}: ${this.path}${this.path && ' '}${problem}; ${mend}`;
    // Names may hold line breaks, the message is one line.
    return new KubeconfigError(message.replace(/\p{Cc}/gu, (character) => JSON.stringify(character).slice(1, -1)));
  }

  /** A field's value, undefined when it is absent or empty. */
  text(field: string): string | undefined {
    const value = this.fields[field];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value !== 'string') throw this.error(`has a ${field} that is no string`, 'put it in quotes');
    return value;
  }

  required(field: string): string {
    const value = this.text(field);
    if (value === undefined) throw this.error(`has no ${field}`, 'add it');
    return value;
  }

  flag(field: string): boolean {
    const value = this.fields[field] ?? false;
    if (typeof value !== 'boolean') throw this.error(`has a ${field} that is neither true nor false`, 'correct it');
    return value;
  }

  list(field: string): readonly KubeconfigSection[] {
    const value = this.fields[field] ?? [];
    if (!Array.isArray(value)) throw this.error(`has ${field} that are no list`, 'correct it');
    return value.map((item, index) => new KubeconfigSection(this.source, `${this.path}${this.path && ' '}${field}[${index}]`, item));
  }

  section(field: string): KubeconfigSection | undefined {
    const value = this.fields[field] ?? undefined;
    return value === undefined ? undefined : new KubeconfigSection(this.source, `${this.path}${this.path && ' '}${field}`, value);
  }

  /** The `kind` named `name` in a list of `{ name, <kind> }`. */
  named(list: string, name: string, kind: string): KubeconfigSection {
    const items = this.list(list);
    const found = items.find((item) => item.text('name') === name);
    if (!found) {
      const known = items.map((item) => item.text('name')).filter((one) => one !== undefined);
      throw this.error(`has no ${kind} '${name}'`, known.length > 0 ? `it has ${known.join(', ')}` : `add it to ${list}`);
    }
    return new KubeconfigSection(this.source, `${kind} '${name}'`, found.fields[kind] ?? {});
  }

  /** PEM text given as `<field>-data` in base64, or as the path of a file that may rotate. */
  pem(field: string): RotatingText | undefined {
    const data = this.text(`${field}-data`);
    const pem = data === undefined ? this.file(field) : fixed(Buffer.from(data, 'base64').toString());
    if (pem && !pem.read().includes('-----BEGIN ')) {
      throw this.error(`has a ${data === undefined ? field : `${field}-data`} that is no PEM`, data === undefined ? 'check the file' : 'it must be base64 of a PEM text');
    }
    return pem;
  }

  /** CA certificates, as PEM in base64 or in a file that may rotate. */
  certificateAuthority(logger?: Logger): RotatingText | undefined {
    const data = this.text('certificate-authority-data');
    if (data === undefined) return this.file('certificate-authority', (path) => caFile({ path, clock: this.source.clock, logger }));
    const pem = Buffer.from(data, 'base64').toString();
    try {
      certificatesIn(pem);
    } catch (error) {
      throw this.error(`has a certificate-authority-data that ${(error as Error).message}`, 'it must be base64 of CA certificates in PEM');
    }
    return fixed(pem);
  }

  /** A file that the field names, which must be usable now. */
  file(field: string, open = (path: string): RotatingText => new CachedFile(path, this.source.clock)): RotatingText | undefined {
    const given = this.text(field);
    if (given === undefined) return undefined;
    const path = resolve(this.source.dir, given);
    const file = open(path);
    try {
      file.read();
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      throw this.error(`names ${field} ${path}, which ${code ? `cannot be read (${code})` : message.replace(`${path} `, '')}`, code ? 'check the path and its permissions' : 'correct it');
    }
    return file;
  }

  /** The section as the file has it. */
  raw(): Readonly<Record<string, unknown>> {
    return this.fields;
  }
}

function fixed(text: string): RotatingText {
  return { read: () => text, invalidate() {} };
}
