import { certificatesIn } from './certificates-in';
import { ParsedFile, ParsedFileOptions } from './parsed-file';

/** CA certificates in a file that rotates: those in use stay while it is half-written or holds something else, which is logged once. */
export function caFile(options: Omit<ParsedFileOptions<string>, 'parse' | 'what'>): ParsedFile<string> {
  const parse = (text: string) => {
    certificatesIn(text);
    return text;
  };
  return new ParsedFile({ ...options, parse, what: 'CA certificates' });
}
