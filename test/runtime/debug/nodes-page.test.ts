import { NodeRecord } from '../../../src/runtime/cluster/node';
import { nodesPage } from '../../../src/runtime/debug/nodes-page';
import { ScrapeOutcomes } from '../../../src/runtime/scrape/outcomes';
import { AuthorizedRequest } from '../../../src/runtime/server/router';

const outcomes = new ScrapeOutcomes();
const scrape = { durationMs: 12.4, failure: undefined };
outcomes.record({ ...scrape, node: 'a', address: '10.0.0.1:10250', startedMs: Date.UTC(2026, 0, 1), certificateNames: 'DNS:a' });
outcomes.record({
  ...scrape,
  node: 'b',
  address: '10.0.0.2:10250',
  startedMs: 0,
  certificateNames: 'DNS:b',
  failure: { reason: 'x509-unknown-authority', message: 'self-signed' },
});
outcomes.record({ ...scrape, node: 'b', address: '[fd00::2]:10250', startedMs: 60_000, failure: { reason: 'refused', message: 'nothing listens' } });

async function ask(query: string, accept?: string): Promise<{ type: string; body: string }> {
  const page = nodesPage(() => ['a', 'b', 'c'].map((name) => ({ name, ready: name !== 'b' }) as NodeRecord), outcomes);
  const { headers, body } = await page({ query: new URLSearchParams(query), preferences: { accept, pretty: false } } as AuthorizedRequest);
  return { type: headers['content-type'], body: body as string };
}

test('people get a table with a line for each address of a node', async () => {
  expect((await ask('')).body.split('\n')).toEqual([
    'NODE   READY   STATE         LAST SUCCESS               FAILURES   ADDRESS           SUCCEEDED   CERTIFICATE NAMES   MESSAGE',
    'a      true    ok            2026-01-01T00:00:00.000Z   0          10.0.0.1:10250    1 of 1      DNS:a',
    'b      false   refused       never                      2          [fd00::2]:10250   0 of 1                          nothing listens',
    '                                                                   10.0.0.2:10250    0 of 1      DNS:b',
    'c      true    not-scraped   never                      0                                                            has not been scraped yet',
    '',
  ]);
});

test('programs get JSON', async () => {
  const { type, body } = await ask('', 'application/json, */*');
  expect(type).toBe('application/json');
  expect(JSON.parse(body).nodes[1]).toEqual({
    name: 'b',
    ready: false,
    state: 'refused',
    message: 'nothing listens',
    lastScrape: '1970-01-01T00:01:00.000Z',
    failures: 2,
    addresses: [
      { address: '10.0.0.2:10250', attempts: 1, failures: 1, state: 'x509-unknown-authority', durationMs: 12, certificateNames: 'DNS:b' },
      { address: '[fd00::2]:10250', attempts: 1, failures: 1, state: 'refused', durationMs: 12 },
    ],
  });
});

test.each([['output=table', 'application/json', /^NODE/], ['output=json', 'text/plain', /^\{/], ['', '*/*', /^NODE/], ['', 'text/html,application/xhtml+xml', /^NODE/]])(
  'with %j, %s gets its form', async (query, accept, form) => {
    expect((await ask(query, accept)).body).toMatch(form);
  });

test('another form is a bad request', async () => {
  await expect(ask('output=yaml')).rejects.toMatchObject({ code: 400, message: 'output must be json or table, got "yaml"' });
});
