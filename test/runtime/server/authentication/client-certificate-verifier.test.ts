import { X509Certificate } from 'node:crypto';
import { intermediate } from './intermediate';
import { ClientCertificateVerifier } from '../../../../src/runtime/server/authentication/client-certificate-verifier';
import { PeerCertificates } from '../../../../src/runtime/server/authentication/peer-certificates';
import { createCertificateAuthority, Identity, issueCertificate } from '../../../simulated-cluster/pki';
import { ManualClock } from '../../manual-clock';

function shown(leaf: Identity, ...intermediates: Identity[]): PeerCertificates {
  return { leaf: new X509Certificate(leaf.certificate), intermediates: intermediates.map(({ certificate }) => new X509Certificate(certificate)) };
}

let root: Identity;
let verifier: ClientCertificateVerifier;
let clock: ManualClock;

beforeAll(async () => {
  root = await createCertificateAuthority('root');
});

beforeEach(() => {
  clock = new ManualClock(Date.now());
  verifier = new ClientCertificateVerifier(clock);
});

const client = (ca: Identity) => issueCertificate(ca, { commonName: 'alice', usages: ['client'] });

test('a certificate that the CA signed', async () => {
  const peer = shown(await client(root));
  expect(() => verifier.verify(peer, root.certificate)).not.toThrow();
  expect(() => verifier.verify(peer, 'not a bundle')).toThrow('no certificate');
});

test('a chain through intermediates, whatever their order', async () => {
  const upper = await intermediate(root, 'upper');
  const lower = await intermediate(upper, 'lower');
  const leaf = await client(lower);
  expect(() => verifier.verify(shown(leaf, upper, lower), root.certificate)).not.toThrow();
  expect(() => verifier.verify(shown(leaf, lower), root.certificate)).toThrow('unknown authority');
  expect(() => verifier.verify(shown(leaf, lower), upper.certificate)).not.toThrow();
});

test('a user\'s certificate is no CA', async () => {
  const user = await intermediate(root, 'mallory', { isCa: false });
  const leaf = await client(user);
  expect(() => verifier.verify(shown(leaf, user), root.certificate)).toThrow('unknown authority');
});

test('a forged certificate names the CA, but the CA did not sign it', async () => {
  const forger = await createCertificateAuthority('root');
  const forged = shown(await intermediate(forger, 'alice', { isCa: false }));
  expect(forged.leaf.checkIssued(new X509Certificate(root.certificate))).toBe(true);
  expect(() => verifier.verify(forged, root.certificate)).toThrow('unknown authority');
});

test('a CA that may have no CA below it', async () => {
  const upper = await intermediate(root, 'upper', { pathLength: 0 });
  const lower = await intermediate(upper, 'lower');
  const [allowed, tooDeep] = [await client(upper), await client(lower)];
  expect(() => verifier.verify(shown(allowed, upper), root.certificate)).not.toThrow();
  expect(() => verifier.verify(shown(tooDeep, upper, lower), root.certificate)).toThrow('unknown authority');
});

test('old and new CA of the same name stand in one bundle', async () => {
  const renewed = await createCertificateAuthority('root');
  const bundle = `${root.certificate}${renewed.certificate}`;
  const byOld = shown(await client(root));
  expect(() => verifier.verify(byOld, bundle)).not.toThrow();
  const byRenewed = shown(await client(renewed));
  expect(() => verifier.verify(byRenewed, bundle)).not.toThrow();
  expect(() => verifier.verify(byRenewed, root.certificate)).toThrow('unknown authority');
});

test('only for clients', async () => {
  const both = await issueCertificate(root, { commonName: 'alice', usages: ['server', 'client'] });
  const server = await issueCertificate(root, { commonName: 'alice', usages: ['server'] });
  expect(() => verifier.verify(shown(both), root.certificate)).not.toThrow();
  expect(() => verifier.verify(shown(server), root.certificate)).toThrow('not for client authentication');
});

test('a connection outlives its certificate, but not as its user', async () => {
  const peer = shown(await client(root));
  verifier.verify(peer, root.certificate);
  clock.advance(25 * 3_600_000);
  expect(() => verifier.verify(peer, root.certificate)).toThrow('expired');
});

test('a client that shows many CAs of the same name does not keep us busy', async () => {
  const [first, ...others] = await Promise.all(Array.from({ length: 40 }, () => intermediate(root, 'same')));
  const loop = await Promise.all(others.map((other) => intermediate(other, 'same')));
  const startedMs = performance.now();
  expect(() => verifier.verify(shown(loop[0], first, ...others, ...loop), 'none')).toThrow();
  expect(performance.now() - startedMs).toBeLessThan(1000);
});
