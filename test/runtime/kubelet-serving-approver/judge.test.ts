import * as fc from 'fast-check';
import { NODE, NODE_NAME } from './kubelet-request';
import { CertificateRequest } from '../../../src/runtime/kubelet-serving-approver/certificate-request';
import { objectionToAddresses, objectionToSubject, requestingNode } from '../../../src/runtime/kubelet-serving-approver/judge';
import { SIGNER, SigningRequest } from '../../../src/runtime/kubelet-serving-approver/signing-request';

const SPEC: SigningRequest['spec'] = {
  signerName: SIGNER, username: `system:node:${NODE_NAME}`, groups: ['system:nodes', 'system:authenticated'], usages: ['digital signature', 'server auth'], request: '',
};
const CERTIFICATE: CertificateRequest = {
  subject: [['O', 'system:nodes'], ['CN', `system:node:${NODE_NAME}`]], dnsNames: [NODE_NAME], ipAddresses: ['10.1.2.3'], others: [],
};

const asking = (spec: Partial<SigningRequest['spec']>) => requestingNode({ metadata: { name: 'csr' }, spec: { ...SPEC, ...spec } });

describe('who asks', () => {
  test('is the node that the user name says', () => {
    expect(asking({})).toEqual({ node: NODE_NAME });
    expect(asking({ usages: ['server auth', 'key encipherment', 'digital signature'] })).toEqual({ node: NODE_NAME });
  });

  test.each<[string, Partial<SigningRequest['spec']>]>([
    ['signer', { signerName: 'kubernetes.io/kube-apiserver-client-kubelet' }],
    ['signer', { signerName: 'example.com/kubelet-serving' }],
    ['username', { username: 'system:node:' }],
    ['username', { username: 'system:serviceaccount:kube-system:system:node:worker-1' }],
    ['username', { username: undefined }],
    ['groups', { groups: ['system:authenticated'] }],
    ['groups', { groups: undefined }],
    ['usages', { usages: ['digital signature', 'server auth', 'client auth'] }],
    ['usages', { usages: ['digital signature', 'key encipherment'] }],
    ['usages', { usages: ['server auth', 'server auth'] }],
    ['usages', { usages: undefined }],
  ])('is left alone for its %s: %j', (reason, spec) => {
    expect(asking(spec)).toMatchObject({ reason, mayPass: false });
  });
});

describe('what is asked for', () => {
  test('may be the node\'s own name, and its addresses', () => {
    expect(objectionToSubject(CERTIFICATE, NODE_NAME)).toBeUndefined();
    expect(objectionToAddresses(CERTIFICATE, NODE_NAME, NODE)).toBeUndefined();
    expect(objectionToAddresses({ ...CERTIFICATE, dnsNames: ['WORKER-1.example.com'], ipAddresses: ['fd00:0:0::1:2'] }, NODE_NAME, NODE)).toBeUndefined();
  });

  test.each<[string, Partial<CertificateRequest>]>([
    ['subject', { subject: [['O', 'system:nodes'], ['CN', 'system:node:worker-2']] }],
    ['subject', { subject: [['O', 'system:masters'], ['CN', `system:node:${NODE_NAME}`]] }],
    ['subject', { subject: [...CERTIFICATE.subject, ['O', 'system:masters']] }],
    ['subject', { subject: [...CERTIFICATE.subject, ['OU', 'kubelets']] }],
    ['subject', { subject: [...CERTIFICATE.subject, ['CN', `system:node:${NODE_NAME}`]] }],
    ['subject', { subject: [] }],
    ['extension', { others: ['email'] }],
    ['no_name', { dnsNames: [], ipAddresses: [] }],
  ])('is left alone for its %s: %j', (reason, request) => {
    expect(objectionToSubject({ ...CERTIFICATE, ...request }, NODE_NAME)).toMatchObject({ reason, mayPass: false });
  });

  test.each<[string, Partial<CertificateRequest>]>([
    ['dns_name', { dnsNames: [NODE_NAME, 'kubernetes.default.svc'] }],
    ['dns_name', { dnsNames: ['*.example.com'] }],
    // An address is a name of its own kind.
    ['dns_name', { dnsNames: ['10.1.2.3'] }],
    ['ip_address', { ipAddresses: ['10.1.2.3', '10.0.0.1'] }],
    ['ip_address', { ipAddresses: ['fd00::1:3'] }],
    ['ip_address', { ipAddresses: ['::ffff:10.1.2.4'] }],
  ])('waits for the node to have its %s: %j', (reason, request) => {
    expect(objectionToAddresses({ ...CERTIFICATE, ...request }, NODE_NAME, NODE)).toMatchObject({ reason, mayPass: true });
  });

  test('may be an IPv4 address as IPv6 spells it, on either side: they are one address', () => {
    const asked = (ip: string, address: string) => (
      objectionToAddresses({ ...CERTIFICATE, dnsNames: [], ipAddresses: [ip] }, NODE_NAME, { status: { addresses: [{ type: 'InternalIP', address }] } })
    );
    for (const mapped of ['::ffff:10.1.2.3', '::ffff:a01:203', '::FFFF:0A01:0203', '0:0:0:0:0:ffff:10.1.2.3']) {
      expect([asked(mapped, '10.1.2.3'), asked('10.1.2.3', mapped), asked(mapped, '::ffff:a01:203')]).toEqual([undefined, undefined, undefined]);
      expect(asked(mapped, '10.1.2.4')).toMatchObject({ reason: 'ip_address' });
    }
    // Without ffff, and translated, they are others.
    for (const other of ['::10.1.2.3', '64:ff9b::10.1.2.3', '::ffff:0:10.1.2.3']) expect(asked(other, '10.1.2.3')).toMatchObject({ reason: 'ip_address' });
  });

  test('may be a host name that is an IP address, as an IP address', () => {
    const node = { status: { addresses: [{ type: 'Hostname', address: '10.0.0.5' }, { type: 'InternalIP', address: '192.168.1.5' }] } };
    expect(objectionToAddresses({ ...CERTIFICATE, dnsNames: [], ipAddresses: ['10.0.0.5', '192.168.1.5'] }, NODE_NAME, node)).toBeUndefined();
    expect(objectionToAddresses({ ...CERTIFICATE, dnsNames: ['10.0.0.5'], ipAddresses: [] }, NODE_NAME, node)).toMatchObject({ reason: 'dns_name' });
  });

  test('may be what it is whatever zone another address of the node has', () => {
    const node = { status: { addresses: [{ type: 'InternalIP', address: 'fe80::1%eth0' }, ...NODE.status.addresses] } };
    expect(objectionToAddresses(CERTIFICATE, NODE_NAME, node)).toBeUndefined();
    expect(objectionToAddresses({ ...CERTIFICATE, ipAddresses: ['fe80::1'] }, NODE_NAME, node)).toMatchObject({ reason: 'ip_address' });
  });

  test('waits for the node to be there, and to have addresses', () => {
    expect(objectionToAddresses(CERTIFICATE, NODE_NAME, undefined)).toEqual({ reason: 'node_missing', message: 'there is no node worker-1', mayPass: true });
    expect(objectionToAddresses(CERTIFICATE, NODE_NAME, {})).toMatchObject({ message: 'worker-1 is no address of node worker-1, which has none' });
  });

  test('is never a name that the node does not have, whatever else it asks for', () => {
    const own = NODE.status.addresses.map(({ address }) => address);
    const name = fc.oneof(fc.constantFrom(...own), fc.domain(), fc.ipV4(), fc.ipV6(), fc.string());
    fc.assert(fc.property(fc.array(name), fc.array(name), (dnsNames, ipAddresses) => {
      const objection = objectionToAddresses({ ...CERTIFICATE, dnsNames, ipAddresses }, NODE_NAME, NODE);
      const foreign = [...dnsNames, ...ipAddresses].some((one) => !own.includes(one.toLowerCase()) && !own.includes(canonical(one)));
      if (foreign) expect(objection).toBeDefined();
    }));
  });

  test('is never approved for another node', () => {
    fc.assert(fc.property(fc.string({ minLength: 1 }).filter((name) => name !== NODE_NAME), (other) => {
      expect(objectionToSubject(CERTIFICATE, other)).toMatchObject({ reason: 'subject' });
    }));
  });
});

function canonical(address: string): string {
  return URL.canParse(`http://[${address}]`) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address;
}
