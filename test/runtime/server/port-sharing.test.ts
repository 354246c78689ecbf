import { createTestPki, TestServer } from './test-server';
import { optionsFrom } from '../../../src/runtime/flags/options';
import { parseFlags } from '../../../src/runtime/flags/parse';

const [major, minor] = process.versions.node.split('.').map(Number);

test('two servers share a port when both permit it and Node.js can; otherwise they are refused', async () => {
  const options = () => optionsFrom(parseFlags(['--permit-port-sharing'])).serving;
  if (major < 22 || major === 22 && minor < 12) {
    expect(options).toThrow(`--permit-port-sharing needs Node.js 22.12 or newer, but this is ${process.versions.node}; leave it out`);
    return;
  }
  expect(options().permitPortSharing).toBe(true);
  const pki = await createTestPki();
  const one = await TestServer.start(pki, {}, { reusePort: true });
  const other = await TestServer.start(pki, {}, { reusePort: true, port: one.port });
  await expect(TestServer.start(pki, {}, { port: one.port })).rejects.toThrow('EADDRINUSE');
  await one.stop();
  expect((await other.ask('/livez')).status).toBe(200);
  await other.stop();
});
