import { isDocumentPath } from '../../_facts/adapter-configuration';
import { ConfigurationNode } from '../configuration-file/configuration-node';

/** What follows the URL of whatever speaks HTTP. @throws ConfigurationError */
export function checkPath(node: ConfigurationNode, example: string): void {
  if (isDocumentPath(node.text())) return;
  throw node.error(`is ${JSON.stringify(node.text())}; give what follows the URL of the source, such as ${example}`);
}
