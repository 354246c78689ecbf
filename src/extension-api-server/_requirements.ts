import { ExtensionApiServerOptions } from './extension-api-server-options';
import { AVAILABILITY_REQUIREMENTS } from '../availability/_availability-requirements';
import { Requirement } from '../kubernetes/_cluster-version';
import { POD_REQUIREMENTS } from '../pod/_pod-requirements';

/** What `clusterVersion` refuses of an extension API server's properties; docs/platforms.md has a row for each. */
export const REQUIREMENTS: readonly Requirement<ExtensionApiServerOptions>[] = [
  ...AVAILABILITY_REQUIREMENTS,
  {
    // NamespaceDefaultLabelName: on by default from 1.21.
    property: 'networkPolicy.scraperNamespaces',
    since: 21,
    reason: 'older ones give namespaces no label with their name',
    isUsed: ({ networkPolicy }) => networkPolicy?.apiServerCidrs !== undefined && (networkPolicy.scraperNamespaces ?? []).length > 0,
  },
  ...POD_REQUIREMENTS,
];
