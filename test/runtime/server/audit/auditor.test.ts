import { Auditor, AuditTrail } from '../../../../src/runtime/server/audit/auditor';
import { AuditEvent } from '../../../../src/runtime/server/audit/event';
import { RequestHeaders } from '../../../../src/runtime/server/authentication/request-headers';
import { attributesOf } from '../../../../src/runtime/server/authorization/attributes';
import { parseRequestInfo } from '../../../../src/runtime/server/request-info';
import { ManualClock } from '../../manual-clock';

const URL = '/apis/metrics.k8s.io/v1/nodes';

let kept: AuditEvent[];

async function begin(headers: readonly string[] = [], remoteAddress = '::ffff:10.0.0.9'): Promise<AuditTrail> {
  kept = [];
  const auditor = new Auditor({
    decide: () => ({ level: 'Metadata', omitStages: [] }),
    keep: async (event) => kept.push(event) > 0,
    clock: new ManualClock(),
  });
  const attributes = attributesOf({ name: 'alice', groups: [] }, parseRequestInfo('GET', URL), new URLSearchParams());
  const trail = auditor.trailOf({ auditId: 'id', receivedMs: 0, url: URL, headers: new RequestHeaders(headers), remoteAddress: () => remoteAddress }, attributes)!;
  await trail.received();
  return trail;
}

test('a client that is gone before its answer', async () => {
  await (await begin()).ended(undefined);
  expect(kept[1]).toMatchObject({ stage: 'ResponseComplete', responseStatus: { status: 'Success', message: 'Connection closed early', code: 200 } });
});

test('an authorizer that fails', async () => {
  const trail = await begin();
  trail.undecided();
  await trail.ended(500);
  expect(kept[1].annotations).toEqual({ 'authorization.k8s.io/reason': 'internal error' });
});

test('an IPv4 address of a socket for both families, and one that was said just before', async () => {
  await begin(['X-Forwarded-For', '10.0.0.1, 10.0.0.9']);
  expect(kept[0].sourceIPs).toEqual(['10.0.0.1', '10.0.0.9']);
  await begin(['X-Forwarded-For', '10.0.0.1', 'X-Real-Ip', '10.0.0.1']);
  expect(kept[0].sourceIPs).toEqual(['10.0.0.1', '10.0.0.9']);
});

test('a program that says much of itself is cut short', async () => {
  await begin(['User-Agent', 'x'.repeat(1025)]);
  expect(kept[0].userAgent).toBe(`${'x'.repeat(1024)}...TRUNCATED`);
});
