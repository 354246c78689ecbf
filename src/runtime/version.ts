// esbuild writes the file's content into the bundle.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { version } = require('../../package.json') as { version: string };

/** As metrics-server prints its own: `v1.2.3`. */
export const VERSION = `v${version}`;
