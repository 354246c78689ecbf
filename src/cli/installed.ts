import type * as Library from '../index';

/** The package that the command belongs to. */
export interface Installed {
  readonly library: typeof Library;
  /** What its package.json says. */
  readonly version: string;
  readonly repository: { readonly url: string };
}
