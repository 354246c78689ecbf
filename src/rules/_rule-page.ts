import { docsUrl } from '../_docs';
import { Rule } from './_rule';

/** Address of a rule's page. */
export function pageOf({ id }: Rule): string {
  return docsUrl(`rules/${id}.md`);
}
