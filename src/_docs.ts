import { readPackage } from './_package';

/** Address of a page of docs/, which the published packages do not carry. */
export function docsUrl(page: string, { repository }: { readonly repository: { readonly url: string } } = readPackage()): string {
  return `${repository.url.replace(/^git\+/, '').replace(/\.git$/, '')}/blob/main/docs/${page}`;
}
