import { proxyRule } from '../../../src/runtime/scrape/proxy-environment';

const PROXY = { host: 'proxy.example', port: 3128, authorization: undefined };

function ruleOf(noProxy: string, httpsProxy = 'http://proxy.example:3128'): (host: string, port?: number) => boolean {
  const rule = proxyRule({ HTTPS_PROXY: httpsProxy, NO_PROXY: noProxy });
  return (host, port = 10_250) => rule({ host, port }) !== undefined;
}

test('without HTTPS_PROXY there is none', () => {
  expect(proxyRule({ NO_PROXY: '10.0.0.0/8', HTTP_PROXY: 'http://proxy.example' })({ host: '192.0.2.1', port: 10_250 })).toBeUndefined();
});

test.each<[string, object]>([
  ['http://proxy.example:3128', PROXY],
  ['proxy.example:3128', PROXY],
  ['http://proxy.example', { ...PROXY, port: 80 }],
  ['http://user:p%40ss@proxy.example:3128/', { ...PROXY, authorization: `Basic ${Buffer.from('user:p@ss').toString('base64')}` }],
  ['http://[fd00::1]:3128', { ...PROXY, host: 'fd00::1' }],
])('HTTPS_PROXY=%s', (httpsProxy, proxy) => {
  expect(proxyRule({ https_proxy: httpsProxy })({ host: '192.0.2.1', port: 10_250 })).toEqual(proxy);
});

test.each(['socks5://user:secret@proxy.example', 'https://proxy.example', 'http://', ':::'])('%s is no HTTP proxy, which is told without its credentials', (httpsProxy) => {
  expect(() => proxyRule({ HTTPS_PROXY: httpsProxy })).toThrow(/^HTTPS_PROXY must be the URL of an HTTP proxy, http:\/\/host:port$/);
});

test.each<[noProxy: string, direct: readonly string[], proxied: readonly string[]]>([
  ['', [], ['192.0.2.1', 'node-1']],
  ['*', ['192.0.2.1', 'node-1', 'fd00::1'], []],
  ['10.0.0.0/8, fd00::/8', ['10.1.2.3', 'fd00::1'], ['192.0.2.1', '2001:db8::1', 'node-1']],
  ['10.0.0.1', ['10.0.0.1'], ['10.0.0.2']],
  ['10.0.0.1:10250,[fd00::1]:10250,10.0.0.2:443', ['10.0.0.1', 'fd00::1'], ['10.0.0.2']],
  ['internal', ['internal', 'node-1.internal', 'NODE-1.INTERNAL'], ['node-1', 'notinternal']],
  ['.internal,*.corp', ['node-1.internal', 'node-1.corp'], ['internal', 'corp']],
  ['10.0.0.0/99,10.0.0.0/x,nonsense/8', [], ['10.0.0.1', 'nonsense']],
])('NO_PROXY=%s', (noProxy, direct, proxied) => {
  const usesProxy = ruleOf(noProxy);
  expect(direct.filter((host) => usesProxy(host))).toEqual([]);
  expect(proxied.filter((host) => !usesProxy(host))).toEqual([]);
});

test('this machine itself is asked straight', () => {
  const usesProxy = ruleOf('');
  expect(['localhost', '127.0.0.1', '127.9.9.9', '::1'].filter((host) => usesProxy(host))).toEqual([]);
});
