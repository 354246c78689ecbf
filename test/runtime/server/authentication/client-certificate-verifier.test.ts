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

test('old and new CA of the same name stand in one bundle', async () => {
  const renewed = await createCertificateAuthority('root');
  const bundle = `${root.certificate}${renewed.certificate}`;
  const byOld = shown(await client(root));
  expect(() => verifier.verify(byOld, bundle)).not.toThrow();
  const byRenewed = shown(await client(renewed));
  expect(() => verifier.verify(byRenewed, bundle)).not.toThrow();
  expect(() => verifier.verify(byRenewed, root.certificate)).toThrow('unknown authority');
});

test('a connection outlives its certificate, but not as its user', async () => {
  const peer = shown(await client(root));
  verifier.verify(peer, root.certificate);
  clock.advance(25 * 3_600_000);
  expect(() => verifier.verify(peer, root.certificate)).toThrow('expired');
});

describe('signatures', () => {
  afterEach(() => jest.restoreAllMocks());

  test('are checked only of who has the name of the issuer', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, (_, index) => createCertificateAuthority(`other-${index}`)));
    const checks = jest.spyOn(X509Certificate.prototype, 'verify');
    verifier.verify(shown(await client(root), ...others), [...others, root].map(({ certificate }) => certificate).join(''));
    expect(checks).toHaveBeenCalledTimes(1);
  });

  test('of CAs that all sign each other do not keep us busy', async () => {
    const others = await Promise.all(Array.from({ length: 5 }, () => createCertificateAuthority('same')));
    const peer = shown(await client(others[0]), ...others);
    jest.spyOn(X509Certificate.prototype, 'checkIssued').mockReturnValue(true);
    const checks = jest.spyOn(X509Certificate.prototype, 'verify').mockReturnValue(true);
    verifier.verify(peer, root.certificate);
    expect(checks).toHaveBeenCalledTimes(64);
  });
});
