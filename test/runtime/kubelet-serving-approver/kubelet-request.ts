import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { SIGNER, SigningRequest } from '../../../src/runtime/kubelet-serving-approver/signing-request';

export const NODE_NAME = 'worker-1';
export const NODE = {
  status: {
    addresses: [
      { type: 'Hostname', address: NODE_NAME }, { type: 'InternalDNS', address: 'worker-1.example.com' },
      { type: 'InternalIP', address: '10.1.2.3' }, { type: 'InternalIP', address: 'fd00::1:2' }, { type: 'ExternalIP', address: '198.51.100.7' },
    ],
  },
};

const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** What a kubelet may ask for. */
export interface Asked {
  readonly subject?: x509.JsonName;
  readonly names?: x509.JsonGeneralNames;
  readonly extensions?: x509.Extension[];
  readonly attributes?: x509.Attribute[];
}

x509.cryptoProvider.set(webcrypto);

/** A PEM certificate request as a kubelet makes it, but for what is asked otherwise. */
export async function certificateRequest({ subject, names, extensions = [], attributes }: Asked = {}): Promise<string> {
  const keys = await webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']) as webcrypto.CryptoKeyPair;
  const alternatives = names ?? [{ type: 'dns', value: NODE_NAME }, { type: 'ip', value: '10.1.2.3' }];
  const request = await x509.Pkcs10CertificateRequestGenerator.create({
    name: subject ?? [{ O: ['system:nodes'] }, { CN: [`system:node:${NODE_NAME}`] }],
    keys,
    signingAlgorithm: ALGORITHM,
    extensions: [...alternatives.length > 0 ? [new x509.SubjectAlternativeNameExtension(alternatives)] : [], ...extensions],
    attributes,
  });
  return `${request.toString('pem')}\n`;
}

export async function signingRequest(spec: Partial<SigningRequest['spec']> = {}, asked: Asked = {}): Promise<SigningRequest> {
  return {
    metadata: { name: 'csr-abcde', uid: '1', resourceVersion: '7', creationTimestamp: '2026-01-01T00:00:00Z' },
    spec: {
      signerName: SIGNER,
      username: `system:node:${NODE_NAME}`,
      groups: ['system:nodes', 'system:authenticated'],
      usages: ['digital signature', 'server auth'],
      request: Buffer.from(await certificateRequest(asked)).toString('base64'),
      ...spec,
    },
    status: {},
  };
}
