import * as fs from 'fs';
import * as path from 'path';

/** What this package says of itself. Read when asked for, so that importing the package stays cheap. */
export function readPackage(): { readonly version: string; readonly companionImage: string; readonly repository: { readonly url: string } } {
  return JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8'));
}
