import { Attributes } from './attributes';
import { Authorizer, SUPERUSERS } from './authorizer';
import { forbidden } from './forbidden';
import { RequestHeaders } from '../authentication/request-headers';
import { StatusError } from '../status';
import { UserInfo } from '../user';

const AUTHENTICATED = 'system:authenticated';
const UNAUTHENTICATED = 'system:unauthenticated';
const NODE_NAME = 'authentication.kubernetes.io/node-name';
const EXTRA = 'impersonate-extra-';

/** From so many checks on, one for all of them comes first. */
const MANY_CHECKS = 4;
const MAX_REMEMBERED = 10_000;

const LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const SERVICE_ACCOUNT = new RegExp(`^system:serviceaccount:(${LABEL}):(${LABEL}(?:\\.${LABEL})*)$`);
const NODE = new RegExp(`^system:node:(${LABEL}(?:\\.${LABEL})*)$`);
const DOMAIN_PREFIXED = new RegExp(`^${LABEL}(?:\\.${LABEL})*/[-a-z0-9:@._~!$&'()*+,;=/%]+$`);

/** A way to be allowed to act for somebody (KEP-5284): on the request at hand, or, as ever since, on any. */
interface Mode {
  readonly name: string;
  readonly fits: (wanted: UserInfo, requestor: UserInfo) => boolean;
}

const MODES: readonly Mode[] = [
  { name: 'associated-node', fits: (wanted, requestor) => isBare(wanted) && isAtNode(requestor, wanted.name) },
  { name: 'arbitrary-node', fits: (wanted) => isBare(wanted) && NODE.test(wanted.name) },
  { name: 'serviceaccount', fits: (wanted) => isBare(wanted) && SERVICE_ACCOUNT.test(wanted.name) },
  { name: 'user-info', fits: ({ name }) => !NODE.test(name) && !SERVICE_ACCOUNT.test(name) },
  { name: '', fits: () => true },
];

/** Whom a request counts as made by. */
export interface Impersonated {
  readonly user: UserInfo;
  /** The verb that allowed it, unless it is the one of ever since. */
  readonly constraint?: string;
}

/** Lets those who may act for others do so: `Impersonate-User`, `-Group`, `-Uid` and `-Extra-*`. */
export class Impersonation {
  /** The mode that a user was last successful with comes first. */
  private readonly remembered = new Map<string, Mode>();

  constructor(private readonly authorizer: Authorizer) {}

  /** Whom the headers name, if any. Throws a StatusError when the requestor may not act for it. */
  async user(headers: RequestHeaders, attributes: () => Attributes, signal: AbortSignal): Promise<Impersonated | undefined> {
    const wanted = wantedUser(headers);
    return wanted && this.impersonated(wanted, attributes(), signal);
  }

  private async impersonated(wanted: UserInfo, attributes: Attributes, signal: AbortSignal): Promise<Impersonated> {
    const requestor = attributes.user.name;
    const usual = this.remembered.get(requestor);
    let refusal: unknown;
    for (const mode of usual ? [usual, ...MODES.filter((one) => one !== usual)] : MODES) {
      if (!mode.fits(wanted, attributes.user)) continue;
      try {
        signal.throwIfAborted();
        const user = await this.check(mode, wanted, attributes);
        if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
        this.remembered.set(requestor, mode);
        return { user, constraint: mode.name && verbOf(mode) };
      } catch (error) {
        if (!isRefusal(error)) throw error;
        refusal ??= error;
      }
    }
    throw refusal;
  }

  private async check(mode: Mode, wanted: UserInfo, attributes: Attributes): Promise<UserInfo> {
    const isConstrained = mode.name !== '';
    const asked = mode.name === 'associated-node' ? { ...attributes, user: withoutPlace(attributes.user) } : attributes;
    if (isConstrained) await this.authorize({ ...asked, verb: `impersonate-on:${mode.name}:${attributes.verb}` });
    const verb = verbOf(mode);
    const may = (resource: string, name: string, more: Partial<Attributes> = {}): Promise<void> => (
      this.authorize(attributesFor(asked.user, verb, resource, name, { ...isConstrained || !isCore(resource) ? AUTHENTICATION : CORE, ...more }))
    );
    const groups = await this.checkName(mode, wanted, may);
    if (wanted.uid) await may('uids', wanted.uid, AUTHENTICATION);
    await checkGroups(isConstrained, wanted.groups, may);
    await checkExtra(isConstrained, wanted.extra ?? {}, may);
    return { ...wanted, groups: withAuthenticated(wanted.name, groups) };
  }

  /** The groups of the user: a service account's and, where nodes are known as such, a node's follow from its name. */
  private async checkName(mode: Mode, { name, groups }: UserInfo, may: Check): Promise<readonly string[]> {
    const [, namespace, account] = SERVICE_ACCOUNT.exec(name) ?? [];
    if (account !== undefined) {
      await may('serviceaccounts', account, { namespace });
      return groups.length > 0 ? groups : ['system:serviceaccounts', `system:serviceaccounts:${namespace}`];
    }
    const [, node] = (mode.name === '' ? undefined : NODE.exec(name)) ?? [];
    if (node === undefined) {
      await may('users', name);
      return groups;
    }
    await may('nodes', mode.name === 'associated-node' ? '*' : node);
    return ['system:nodes'];
  }

  private async authorize(attributes: Attributes): Promise<void> {
    const { allowed, reason } = await this.authorizer.authorize(attributes).catch((error: Error) => {
      if (error instanceof StatusError) throw error;
      return { allowed: false, reason: error.message };
    });
    if (!allowed) throw forbidden(attributes, reason);
  }
}

function verbOf({ name }: Mode): string {
  return name === '' ? 'impersonate' : `impersonate:${name}`;
}

type Check = (resource: string, name: string, more?: Partial<Attributes>) => Promise<void>;

const CORE = { apiGroup: '', apiVersion: 'v1' };
const AUTHENTICATION = { apiGroup: 'authentication.k8s.io', apiVersion: 'v1' };

/** Whom the headers name, and only then what they say of it. */
function wantedUser(headers: RequestHeaders): UserInfo | undefined {
  const name = headers.first('impersonate-user') ?? '';
  const uid = headers.first('impersonate-uid') ?? '';
  const groups = headers.all('impersonate-group');
  const extras = headers.withPrefix(EXTRA);
  if (name !== '') return { name, uid, groups, extra: Object.fromEntries(extras.map(([key, values]) => [unescaped(key), values])) };
  if (uid === '' && groups.length === 0 && extras.length === 0) return undefined;
  throw new StatusError(400, 'BadRequest', 'impersonation of a group, uid or extra needs the name of a user too: send Impersonate-User');
}

async function checkGroups(isConstrained: boolean, groups: readonly string[], may: Check): Promise<void> {
  if (isConstrained) {
    for (const never of ['', SUPERUSERS]) {
      if (groups.includes(never)) throw new StatusError(403, 'Forbidden', `impersonating the ${never || 'empty string'} group is not allowed`, {});
    }
    if (groups.length >= MANY_CHECKS && await isAllowed(may('groups', '*'))) return;
  }
  for (const group of groups) await may('groups', group);
}

async function checkExtra(isConstrained: boolean, extra: Readonly<Record<string, readonly string[]>>, may: Check): Promise<void> {
  const pairs = Object.entries(extra).flatMap(([key, values]) => values.map((value) => ({ key, value })));
  if (isConstrained) {
    const bad = pairs.find(({ key, value }) => !DOMAIN_PREFIXED.test(key) || value === '');
    if (bad) throw new StatusError(403, 'Forbidden', `impersonating the extra ${JSON.stringify(bad.key)} is not allowed: use a key with a domain, and a value`, {});
    if (pairs.length >= MANY_CHECKS && await isAllowed(may('userextras', '*', { subresource: '*' }))) return;
  }
  for (const { key, value } of pairs) await may('userextras', value, { subresource: key });
}

function isAllowed(check: Promise<void>): Promise<boolean> {
  return check.then(() => true, (error) => {
    if (!isRefusal(error)) throw error;
    return false;
  });
}

/** Another check may be passed. Too many reviews that wait, for example, are too many for any. */
function isRefusal(error: unknown): boolean {
  return error instanceof StatusError && error.code === 403;
}

function isCore(resource: string): boolean {
  return ['users', 'groups', 'serviceaccounts'].includes(resource);
}

function attributesFor(user: UserInfo, verb: string, resource: string, name: string, more: Partial<Attributes>): Attributes {
  return {
    user, verb, resource, name, path: '', isResourceRequest: true, apiGroup: '', apiVersion: '', namespace: '', subresource: '', parts: [], ...more,
  };
}

function withAuthenticated(name: string, groups: readonly string[]): readonly string[] {
  const isAnonymous = name === 'system:anonymous';
  const group = isAnonymous ? UNAUTHENTICATED : AUTHENTICATED;
  return groups.includes(group) || !isAnonymous && groups.includes(UNAUTHENTICATED) ? groups : [...groups, group];
}

function isBare({ uid, groups, extra }: UserInfo): boolean {
  return !uid && groups.length === 0 && Object.keys(extra ?? {}).length === 0;
}

function isAtNode({ name, extra }: UserInfo, node: string): boolean {
  const at = extra?.[NODE_NAME] ?? [];
  return SERVICE_ACCOUNT.test(name) && at.length === 1 && `system:node:${at[0]}` === node && NODE.test(node);
}

/** The check is to hold for the service account at any of its nodes, as upstream asks it. */
function withoutPlace(user: UserInfo): UserInfo {
  return { ...user, extra: { 'authentication.kubernetes.io/associated-node-keys': Object.keys(user.extra ?? {}).sort() } };
}

function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
