import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubeconfigConfig, KubeconfigError } from '../../../src/runtime/cluster/kubeconfig';
import { FuzzTarget } from '../target';

const directory = mkdtempSync(join(tmpdir(), 'fuzz-kubeconfig-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));
const file = join(directory, 'kubeconfig');

/** A kubeconfig. No credentials are asked for: programs that it names would be run. */
export const kubeconfig: FuzzTarget = {
  name: 'kubeconfig',
  words: [
    'current-context: ', 'clusters:\n', 'users:\n', '- name: ', 'server: ', 'https://', 'exec:', 'token: ', 'certificate-authority-data: ', '&a ', '*a', '<<: *a', '!!binary ', '---\n', '...\n',
    '? ', '|\n', '>-\n', '%YAML 1.1\n', '__proto__: ', '[[[[[[[[', '{{{{{{{{', '~', '\t',
  ],
  async check(input) {
    writeFileSync(file, input);
    try {
      const config = await kubeconfigConfig(file);
      if (!/^https?:$/.test(config.server.protocol)) throw new Error(`a server of ${config.server}`);
    } catch (error) {
      if (!(error instanceof KubeconfigError)) throw error;
      if (/\n/.test(error.message)) throw new Error(`more than one line: ${JSON.stringify(error.message)}`);
    }
    if (Object.keys(Object.prototype).length > 0) throw new Error('the prototype of all objects was changed');
  },
};
