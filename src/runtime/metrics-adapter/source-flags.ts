import { SOURCE_FLAGS } from '../../_facts/metrics-adapter-flags';
import { SERVICE_ACCOUNT_DIR } from '../cluster/in-cluster';
import { ConfigurationError } from '../configuration-file/configuration-error';
import { Content, ConfigurationNode } from '../configuration-file/configuration-node';
import { ParsedFlags } from '../flags/parse';
import { UsageError } from '../flags/usage-error';
import { SourceConfiguration, sourceConfiguration } from '../prometheus/source-configuration';

/** The Prometheus that the command line names, if it names one. @throws UsageError */
export function sourceOfFlags(parsed: ParsedFlags): SourceConfiguration | undefined {
  const given = SOURCE_FLAGS.filter((name) => parsed.isSet(name));
  if (given.length === 0) return undefined;
  if (!parsed.isSet('prometheus-url')) throw new UsageError([`--${given[0]} says how a Prometheus is asked that --prometheus-url names; give both, or write sources in --config`]);
  try {
    return sourceConfiguration(node('', {
      name: node('name', 'prometheus'),
      url: flag(parsed, 'prometheus-url'),
      verb: flag(parsed, 'prometheus-verb'),
      headers: node('--prometheus-header', headers(parsed.get('stringArray', 'prometheus-header'))),
      ...access(parsed),
    }));
  } catch (error) {
    // There is no file, nor a line in it, that the user could look at.
    throw error instanceof ConfigurationError ? new UsageError([error.problem]) : error;
  }
}

/** As prometheus-adapter: a token of one's own wins over the service account's, a CA of one's own over all that the pod has. */
function access(parsed: ParsedFlags): Record<'bearerTokenFile' | 'tls', ConfigurationNode> {
  const [certFile, keyFile] = ['prometheus-client-tls-cert-file', 'prometheus-client-tls-key-file'];
  if (parsed.isSet(certFile) !== parsed.isSet(keyFile)) throw new UsageError([`need both --${certFile} and --${keyFile}`]);
  const caFile = flag(parsed, 'prometheus-ca-file');
  const tokenFile = flag(parsed, 'prometheus-token-file');
  const inCluster = parsed.get('bool', 'prometheus-auth-incluster') && caFile.isAbsent;
  return {
    bearerTokenFile: inCluster && tokenFile.isAbsent ? node('--prometheus-auth-incluster', `${SERVICE_ACCOUNT_DIR}/token`) : tokenFile,
    tls: node('tls', {
      caFile: inCluster ? node('--prometheus-auth-incluster', `${SERVICE_ACCOUNT_DIR}/ca.crt`) : caFile,
      certFile: flag(parsed, certFile),
      keyFile: flag(parsed, keyFile),
    }),
  };
}

function headers(given: readonly string[]): Readonly<Record<string, ConfigurationNode>> {
  const values = new Map<string, string>();
  for (const header of given) {
    const separator = header.indexOf('=');
    // Not repeated: it may be a secret.
    if (separator < 1) throw new UsageError(['--prometheus-header has no name or no =; give name=value, such as X-Scope-OrgID=team-a']);
    const name = header.slice(0, separator);
    const value = header.slice(separator + 1);
    const before = values.get(name);
    values.set(name, before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(Array.from(values, ([name, value]) => [name, node(`--prometheus-header ${name}`, value)]));
}

function flag(parsed: ParsedFlags, name: string): ConfigurationNode {
  return node(`--${name}`, parsed.get('string', name) || undefined);
}

function node(path: string, content: string | undefined | Readonly<Record<string, ConfigurationNode>>): ConfigurationNode {
  const known: Content = typeof content === 'object' ? new Map(Object.entries(content)) : content;
  return new ConfigurationNode('command line', 1, path, known);
}
