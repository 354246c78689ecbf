import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import * as fc from 'fast-check';
import { Asked, certificateRequest } from './kubelet-request';
import { readCertificateRequest } from '../../../src/runtime/kubelet-serving-approver/certificate-request';

/** Made by kubelet v1.34.4 for a node node-1 of address 192.0.2.1. */
const OF_A_KUBELET = `-----BEGIN CERTIFICATE REQUEST-----
MIIBGTCBwAIBADA0MRUwEwYDVQQKEwxzeXN0ZW06bm9kZXMxGzAZBgNVBAMTEnN5
c3RlbTpub2RlOm5vZGUtMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABOdsRUq8
LLwUF64uev/qmBsmAr3eE4quci1yLuYByCPjSId2u0vo6XEjuvJ4RdIb3/a/6/PC
XEmfEKU10SNt3Z2gKjAoBgkqhkiG9w0BCQ4xGzAZMBcGA1UdEQQQMA6CBm5vZGUt
MYcEwAACATAKBggqhkjOPQQDAgNIADBFAiEAi8n+96Aodl21PeH8atnK4GPafbKo
lQKZVIub4hZQwvgCIDaHzZgSspRxLvWpQi8jt/8vznNG+owyVlaVEVMth1LS
-----END CERTIFICATE REQUEST-----
`;

test('a real kubelet\'s request is read', async () => {
  expect(await readCertificateRequest(OF_A_KUBELET)).toEqual({
    subject: [['O', 'system:nodes'], ['CN', 'system:node:node-1']], dnsNames: ['node-1'], ipAddresses: ['192.0.2.1'], others: [],
  });
});

test.each<[string, Asked, string[]]>([
  ['an email address', { names: [{ type: 'dns', value: 'worker-1' }, { type: 'email', value: 'root@example.com' }] }, ['email']],
  ['a URI', { names: [{ type: 'url', value: 'spiffe://cluster/ns/kube-system' }] }, ['url']],
  ['another extension', { extensions: [new x509.BasicConstraintsExtension(true)] }, ['2.5.29.19']],
  ['names twice', { extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'kubernetes' }])] }, ['2.5.29.17']],
  ['another attribute', { attributes: [new x509.ChallengePasswordAttribute('secret')] }, ['1.2.840.113549.1.9.7']],
])('%s shows', async (_, asked, others) => {
  expect((await readCertificateRequest(await certificateRequest(asked))).others).toEqual(others);
});

test('of names asked for twice, none is overlooked', async () => {
  const twice = await certificateRequest({ extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'kubernetes' }])] });
  expect((await readCertificateRequest(twice)).dnsNames).toEqual(['worker-1', 'kubernetes']);
});

test('who does not have the key cannot ask', async () => {
  const der = x509.PemConverter.decodeFirst(OF_A_KUBELET);
  // In the common name: node-1 becomes node-2.
  const forged = Buffer.from(der).toString('latin1').replace('system:node:node-1', 'system:node:node-2');
  const pem = x509.PemConverter.encode(new Uint8Array(Buffer.from(forged, 'latin1')).buffer, 'CERTIFICATE REQUEST');
  await expect(readCertificateRequest(pem)).rejects.toThrow('not signed with its own key');
});

test.each([
  ['nothing', ''],
  ['two requests', OF_A_KUBELET + OF_A_KUBELET],
  ['a certificate', OF_A_KUBELET.replaceAll('CERTIFICATE REQUEST', 'CERTIFICATE')],
  ['text before it', `hello\n${OF_A_KUBELET}`],
])('%s is refused', async (_, pem) => {
  await expect(readCertificateRequest(pem)).rejects.toThrow('not one PEM block');
});

test('no bytes are read as anything but what was signed', async () => {
  const der = Buffer.from(x509.PemConverter.decodeFirst(OF_A_KUBELET));
  await fc.assert(fc.asyncProperty(fc.nat(der.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
    const changed = Buffer.from(der);
    changed[at] = (changed[at] + change) % 256;
    const read = await readCertificateRequest(x509.PemConverter.encode(new Uint8Array(changed).buffer, 'CERTIFICATE REQUEST')).catch(() => undefined);
    if (read !== undefined) expect(read).toEqual(await readCertificateRequest(OF_A_KUBELET));
  }));
  await fc.assert(fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
    const noise = new Uint8Array(bytes).buffer;
    await expect(readCertificateRequest(x509.PemConverter.encode(noise, 'CERTIFICATE REQUEST'))).rejects.toThrow();
  }));
});
