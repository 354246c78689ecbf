import { settingsFromConfigMap } from '../../../../src/runtime/server/authentication/extension-apiserver-authentication';
import { createCertificateAuthority } from '../../../simulated-cluster/pki';

let clientCa: string;
let frontProxyCa: string;
let kubeadm: Record<string, string>;

beforeAll(async () => {
  [clientCa, frontProxyCa] = (await Promise.all(['kubernetes', 'front-proxy-ca'].map(createCertificateAuthority))).map(({ certificate }) => certificate);
  kubeadm = {
    'client-ca-file': clientCa,
    'requestheader-client-ca-file': frontProxyCa,
    'requestheader-allowed-names': '["front-proxy-client"]',
    'requestheader-username-headers': '["X-Remote-User"]',
    'requestheader-group-headers': '["X-Remote-Group"]',
    'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
  };
});

test('as kubeadm configures kube-apiserver', () => {
  expect(settingsFromConfigMap(kubeadm)).toEqual({
    clientCa,
    requestHeader: {
      clientCa: frontProxyCa,
      allowedNames: ['front-proxy-client'],
      usernameHeaders: ['X-Remote-User'],
      groupHeaders: ['X-Remote-Group'],
      extraHeadersPrefixes: ['X-Remote-Extra-'],
      uidHeaders: [],
    },
  });
});

test('a cluster without aggregation layer has no front proxy', () => {
  expect(settingsFromConfigMap({ 'client-ca-file': clientCa })).toEqual({ clientCa, requestHeader: undefined });
  expect(settingsFromConfigMap({})).toEqual({ clientCa: undefined, requestHeader: undefined });
});

test.each(['front-proxy-client', '[1]', '{}'])('a list that is none is named: %s', (names) => {
  expect(() => settingsFromConfigMap({ ...kubeadm, 'requestheader-allowed-names': names })).toThrow(
    `ConfigMap kube-system/extension-apiserver-authentication: requestheader-allowed-names must be a JSON array of strings, got ${JSON.stringify(names)}`,
  );
});

test.each(['client-ca-file', 'requestheader-client-ca-file'])('a CA bundle without a certificate is named: %s', (key) => {
  expect(() => settingsFromConfigMap({ ...kubeadm, [key]: 'garbage' })).toThrow(
    `ConfigMap kube-system/extension-apiserver-authentication: ${key} holds no certificate in PEM`,
  );
});

test.each<[string, (ca: string) => string, string]>([
  ['is broken', (ca) => `-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n${ca}`, 'number 1 of 2'],
  ['is cut short', (ca) => `${ca}${ca.slice(0, 200)}`, 'number 2 of 2'],
])('a certificate that %s spoils its bundle, since it may be the one that counts', (_how, spoil, which) => {
  expect(() => settingsFromConfigMap({ ...kubeadm, 'client-ca-file': spoil(clientCa) })).toThrow(
    `ConfigMap kube-system/extension-apiserver-authentication: client-ca-file holds a certificate that cannot be read, ${which}`,
  );
});

test('text around the certificates of a bundle is no matter', () => {
  const bundle = `# old - new\r\n${clientCa.replaceAll('\n', '\r\n')}\n-- comment\n${frontProxyCa}`;
  expect(settingsFromConfigMap({ ...kubeadm, 'client-ca-file': bundle }).clientCa).toBe(bundle);
});
