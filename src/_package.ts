import * as fs from 'fs';
import { createRequire } from 'module';
import * as path from 'path';

const ROOT = path.join(__dirname, '..');

/** What this package says of itself. Read when asked for, so that importing the package stays cheap. */
export function readPackage(): { readonly version: string; readonly companionImage: string; readonly repository: { readonly url: string } } {
  return JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
}

/** A package that is bundled with this one, which depends on none. In a checkout where nothing is built yet, it is the package itself. */
export function requireBundled(bundle: string, packageName: string): unknown {
  const file = path.join(ROOT, 'assets', bundle, 'index.js');
  return createRequire(__filename)(fs.existsSync(file) ? file : packageName);
}
