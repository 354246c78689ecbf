import { ExtensionApiServerProps, ServingCertificate } from '../src';

/** An extension API server that is no metrics server, with no more than it has to have. */
export const WARDLE: ExtensionApiServerProps = {
  name: 'wardle',
  namespace: 'zoo',
  image: 'registry.example.com/wardle:1',
  groupVersions: [{ group: 'wardle.example.com', version: 'v1' }],
  servingCertificate: ServingCertificate.insecureSkipTlsVerify(),
};
