import { AuthorizedRequest } from '../server/router';
import { StatusError } from '../server/status';

/** Whether a page is asked for in JSON, for programs, or in its form for people: `?output=` wins over Accept. @throws StatusError for another form */
export function isJsonWanted({ query, preferences }: Pick<AuthorizedRequest, 'query' | 'preferences'>, forPeople: string): boolean {
  const output = query.get('output') ?? (/\bapplication\/json\b/.test(preferences.accept ?? '') ? 'json' : forPeople);
  if (output !== 'json' && output !== forPeople) throw StatusError.badRequest(`output must be json or ${forPeople}, got ${JSON.stringify(output)}`);
  return output === 'json';
}
