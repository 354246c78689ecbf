import { readPackage } from './_package';

/** A checkout, of which there is no release. */
const UNRELEASED = '0.0.0';

/** Address of a page of docs/, which the published packages do not carry: as it was when the package was released. */
export function docsUrl(
  page: string, { repository, version }: { readonly repository: { readonly url: string }; readonly version: string } = readPackage(),
): string {
  return `${repository.url.replace(/^git\+/, '').replace(/\.git$/, '')}/blob/${version === UNRELEASED ? 'main' : `v${version}`}/docs/${page}`;
}
