import { docsUrl } from '../_docs';
import { Rule } from './rule';

/** Address of a rule's page. */
export function pageOf({ id }: Rule): string {
  return docsUrl(`rules/${id}.md`);
}
