import { readPackage } from '../_package';
import { Rule } from './rule';

/** Address of a rule's page. */
export function pageOf({ id }: Rule): string {
  const { url } = readPackage().repository;
  return `${url.replace(/^git\+/, '').replace(/\.git$/, '')}/blob/main/docs/rules/${id}.md`;
}
