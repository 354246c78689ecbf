import { attributesOf } from '../../../../src/runtime/server/authorization/attributes';
import { delegatingAuthorizer, pathMatcher } from '../../../../src/runtime/server/authorization/authorizer';
import { SubjectAccessReviewAuthorizer } from '../../../../src/runtime/server/authorization/subject-access-review';
import { parseRequestInfo, splitUrl } from '../../../../src/runtime/server/request-info';
import { ManualClock } from '../../manual-clock';

const attributes = (url: string, name = 'alice', groups: string[] = []) => (
  attributesOf({ name, groups }, parseRequestInfo('GET', url), splitUrl(url).query)
);
const nodes = '/apis/metrics.k8s.io/v1beta1/nodes';

describe('without a review', () => {
  const authorizer = delegatingAuthorizer(['/healthz', 'livez', '/public/*'], { authorize: async () => ({ allowed: false }) });

  test.each([
    ['/healthz', true], ['/livez', true], ['/public/a/b', true], ['/public/', true],
    ['/public', false], ['/healthz/ping', false], ['/livezz', false], ['/metrics', false], [nodes, false],
  ])('anybody at %s: %s', async (path, allowed) => {
    expect(await authorizer.authorize(attributes(path))).toMatchObject({ allowed });
  });

  test('superusers everywhere', async () => {
    expect(await authorizer.authorize(attributes(nodes, 'admin', ['system:masters']))).toEqual({ allowed: true });
  });

  test('a star alone opens every path, but no resource', async () => {
    expect(pathMatcher(['*'])('/metrics')).toBe(true);
    const open = delegatingAuthorizer(['*'], { authorize: async () => ({ allowed: false }) });
    expect(await open.authorize(attributes(nodes))).toMatchObject({ allowed: false });
  });
});

describe('by SubjectAccessReview', () => {
  let specs: Record<string, unknown>[];
  let clock: ManualClock;
  let allowed: boolean;
  let authorizer: SubjectAccessReviewAuthorizer;

  beforeEach(() => {
    specs = [];
    clock = new ManualClock();
    allowed = true;
    const create = async <T>(_path: string, body: unknown): Promise<T> => {
      specs.push((body as { spec: Record<string, unknown> }).spec);
      return { status: { allowed } } as T;
    };
    authorizer = new SubjectAccessReviewAuthorizer({ client: { create }, clock, authorizedTtlMs: 10_000, unauthorizedTtlMs: 3_000 });
  });

  test('selectors and the name that a field selector allows are told', async () => {
    await authorizer.authorize(attributes(`${nodes}?fieldSelector=metadata.name%3Dnode-a&labelSelector=a%3Db,c!%3Dd,e+in+(f,g),h,!i,j>1`));
    expect(specs[0].resourceAttributes).toEqual({
      verb: 'list',
      group: 'metrics.k8s.io',
      version: 'v1beta1',
      resource: 'nodes',
      name: 'node-a',
      fieldSelector: { requirements: [{ key: 'metadata.name', operator: 'In', values: ['node-a'] }] },
      labelSelector: {
        requirements: [
          { key: 'a', operator: 'In', values: ['b'] },
          { key: 'c', operator: 'NotIn', values: ['d'] },
          { key: 'e', operator: 'In', values: ['f', 'g'] },
          { key: 'h', operator: 'Exists' },
          { key: 'i', operator: 'DoesNotExist' },
        ],
      },
    });
  });

  test('selectors that cannot be read are left out', async () => {
    await authorizer.authorize(attributes(`${nodes}?labelSelector=!!&fieldSelector=x`));
    expect(specs[0].resourceAttributes).toEqual({ verb: 'list', group: 'metrics.k8s.io', version: 'v1beta1', resource: 'nodes' });
  });

  test('so are both where one is long, and the name with them', async () => {
    const many = (count: number) => `${nodes}?fieldSelector=metadata.name%3Da&labelSelector=a${',a'.repeat(count)}`;
    await authorizer.authorize(attributes(many(2047)));
    expect(specs[0].resourceAttributes).toMatchObject({ name: 'a', labelSelector: { requirements: expect.anything() } });
    await authorizer.authorize(attributes(many(2048)));
    await authorizer.authorize(attributes(`${nodes}?labelSelector=a&fieldSelector=metadata.name%3D${'a'.repeat(4096)}`));
    for (const spec of specs.slice(1)) expect(spec.resourceAttributes).toEqual({ verb: 'list', group: 'metrics.k8s.io', version: 'v1beta1', resource: 'nodes' });
  });

  test('so are those of a watch that the path asks for', async () => {
    await authorizer.authorize(attributes(nodes.replace('/nodes', '/watch/nodes?fieldSelector=%3Dx')));
    expect(specs[0].resourceAttributes).toEqual({ verb: 'watch', group: 'metrics.k8s.io', version: 'v1beta1', resource: 'nodes' });
  });

  test.each([[true, 10_000], [false, 3_000]])('a decision (%s) is remembered for its time', async (decision, ttlMs) => {
    allowed = decision;
    await authorizer.authorize(attributes(nodes));
    clock.advance(ttlMs - 1);
    await authorizer.authorize(attributes(nodes));
    expect(specs).toHaveLength(1);
    clock.advance(1);
    await authorizer.authorize(attributes(nodes));
    expect(specs).toHaveLength(2);
  });

  test('decisions about somebody or something else are asked for', async () => {
    await authorizer.authorize(attributes(nodes));
    await authorizer.authorize(attributes(nodes, 'bob'));
    await authorizer.authorize(attributes(`${nodes}/a`));
    await authorizer.authorize(attributes(nodes, 'alice', ['devs']));
    expect(specs).toHaveLength(4);
  });

  test('what is very long is not remembered', async () => {
    const long = `${nodes}/${'x'.repeat(10_000)}`;
    await authorizer.authorize(attributes(long));
    await authorizer.authorize(attributes(long));
    expect(specs).toHaveLength(2);
  });
});
