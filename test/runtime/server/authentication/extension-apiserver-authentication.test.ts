import { settingsFromConfigMap } from '../../../../src/runtime/server/authentication/extension-apiserver-authentication';

const kubeadm = {
  'client-ca-file': 'CLIENT CA',
  'requestheader-client-ca-file': 'FRONT PROXY CA',
  'requestheader-allowed-names': '["front-proxy-client"]',
  'requestheader-username-headers': '["X-Remote-User"]',
  'requestheader-group-headers': '["X-Remote-Group"]',
  'requestheader-extra-headers-prefix': '["X-Remote-Extra-"]',
};

test('as kubeadm configures kube-apiserver', () => {
  expect(settingsFromConfigMap(kubeadm)).toEqual({
    clientCa: 'CLIENT CA',
    requestHeader: {
      clientCa: 'FRONT PROXY CA',
      allowedNames: ['front-proxy-client'],
      usernameHeaders: ['X-Remote-User'],
      groupHeaders: ['X-Remote-Group'],
      extraHeadersPrefixes: ['X-Remote-Extra-'],
      uidHeaders: [],
    },
  });
});

test('a cluster without aggregation layer has no front proxy', () => {
  expect(settingsFromConfigMap({ 'client-ca-file': 'CLIENT CA' })).toEqual({ clientCa: 'CLIENT CA', requestHeader: undefined });
  expect(settingsFromConfigMap({})).toEqual({ clientCa: undefined, requestHeader: undefined });
});

test.each(['front-proxy-client', '[1]', '{}'])('a list that is none is named: %s', (names) => {
  expect(() => settingsFromConfigMap({ ...kubeadm, 'requestheader-allowed-names': names })).toThrow(
    `ConfigMap kube-system/extension-apiserver-authentication: requestheader-allowed-names must be a JSON array of strings, got ${JSON.stringify(names)}`,
  );
});
