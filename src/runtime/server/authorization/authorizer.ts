import { Attributes } from './attributes';

export interface Decision {
  readonly allowed: boolean;
  /** Why not, as far as the API server says. */
  readonly reason?: string;
}

/** Says whether a request may go on. Rejects when that cannot be found out. */
export interface Authorizer {
  authorize(attributes: Attributes): Promise<Decision>;
}

const ALLOWED: Decision = { allowed: true };

/** Lets the members of a group do everything. kube-apiserver's own requests arrive as system:masters, before any review works. */
export const SUPERUSERS = 'system:masters';

/** Superusers and the always-allowed paths pass, `next` decides on the rest. */
export function delegatingAuthorizer(alwaysAllowPaths: readonly string[], next: Authorizer): Authorizer {
  const isOpen = pathMatcher(alwaysAllowPaths);
  return {
    async authorize(attributes) {
      if (attributes.user.groups.includes(SUPERUSERS)) return ALLOWED;
      if (!attributes.isResourceRequest && isOpen(attributes.path)) return ALLOWED;
      return next.authorize(attributes);
    },
  };
}

/** Patterns of `--authorization-always-allow-paths`: a trailing `*` is a prefix, the leading slash may be missing. */
export function pathMatcher(patterns: readonly string[]): (path: string) => boolean {
  const normalized = patterns.map((pattern) => pattern.replace(/^\//, ''));
  const exact = new Set(normalized.filter((pattern) => !pattern.endsWith('*')));
  const prefixes = normalized.filter((pattern) => pattern.endsWith('*')).map((pattern) => pattern.slice(0, -1));
  return (path) => {
    const relative = path.replace(/^\//, '');
    return exact.has(relative) || prefixes.some((prefix) => relative.startsWith(prefix));
  };
}
