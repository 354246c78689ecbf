import { SERVICE_ACCOUNT_DIR } from '../cluster/in-cluster';
import { ConfigurationNode } from '../configuration-file/configuration-node';
import { ACCESS_FIELDS, SourceConfiguration, sourceConfiguration } from '../prometheus/source-configuration';

/**
 * `adapters`: other servers of custom and external metrics, which are asked for what is not ours. They are API servers, to which we show the
 * token of our ServiceAccount: it goes to nobody who has not proved who they are.
 */
export function adapterConfiguration(node: ConfigurationNode): SourceConfiguration {
  const { url, tls, verb, bearerTokenFile, basicAuth } = node.fields('name', 'url', 'verb', ...ACCESS_FIELDS);
  if (!verb.isAbsent) throw verb.error('is not for adapters, which answer GET');
  const adapter = sourceConfiguration(node);
  if (adapter.url.protocol !== 'https:') throw url.error(`is ${JSON.stringify(url.text())}; give an https URL: a token is sent to it`);
  if (adapter.tls.insecureSkipVerify) throw tls.error('has insecureSkipVerify, and a token would go to whoever answers; give caFile, and serverName if need be');
  const ownToken = bearerTokenFile.isAbsent && basicAuth.isAbsent && adapter.tls.certFile === undefined;
  return ownToken ? { ...adapter, bearerTokenFile: `${SERVICE_ACCOUNT_DIR}/token` } : adapter;
}
