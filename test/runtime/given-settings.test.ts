import { TempDir } from './cluster/temp-dir';
import { ManualClock } from './manual-clock';
import { AuthenticationOptions, optionsFrom } from '../../src/runtime/flags/options';
import { parseFlags } from '../../src/runtime/flags/parse';
import { givenSettings } from '../../src/runtime/given-settings';
import { createCertificateAuthority } from '../simulated-cluster/pki';

let cas: string[];
let dir: TempDir;
let clock: ManualClock;

beforeAll(async () => {
  cas = (await Promise.all(['old', 'new'].map(createCertificateAuthority))).map(({ certificate }) => certificate);
});

beforeEach(() => {
  dir = new TempDir();
  clock = new ManualClock();
});

afterEach(() => dir.remove());

function options(...flags: readonly string[]): AuthenticationOptions {
  return optionsFrom(parseFlags(flags)).authentication;
}

test('nothing is given unless a file is named, whatever the names of headers', () => {
  expect(givenSettings(options('--requestheader-username-headers=x-user'), clock)()).toEqual({ clientCa: undefined, requestHeader: undefined });
});

test('with the request header CA, everything about request headers comes from flags', () => {
  const file = dir.write('front-proxy-ca.crt', cas[0]);
  expect(givenSettings(options(`--requestheader-client-ca-file=${file}`, '--requestheader-allowed-names=front-proxy-client'), clock)().requestHeader)
    .toMatchObject({
      clientCa: cas[0],
      allowedNames: ['front-proxy-client'],
      usernameHeaders: ['x-remote-user'],
      groupHeaders: ['x-remote-group'],
      extraHeadersPrefixes: ['x-remote-extra-'],
      uidHeaders: [],
    });
});

test('files are re-read as they rotate, and kept while they are half written', () => {
  const settings = givenSettings(options(`--client-ca-file=${dir.write('ca.crt', cas[0])}`), clock);
  expect(settings().clientCa).toBe(cas[0]);
  dir.write('ca.crt', '');
  clock.advance(5_000);
  expect(settings().clientCa).toBe(cas[0]);
  dir.write('ca.crt', cas[1]);
  clock.advance(5_000);
  expect(settings().clientCa).toBe(cas[1]);
});
