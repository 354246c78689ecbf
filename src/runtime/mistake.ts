import { InClusterConfigError } from './cluster/in-cluster';
import { KubeconfigError } from './cluster/kubeconfig';
import { ConfigurationError } from './configuration-file/configuration-error';
import { UsageError } from './flags/usage-error';

/** What Node.js tells of a port that cannot be listened on. */
type ListenError = NodeJS.ErrnoException & { readonly port?: number; readonly address?: string };

/** Whose messages are written for the user. */
const MISTAKES = [UsageError, KubeconfigError, InClusterConfigError, ConfigurationError];

/** In a line, what the user did and how to mend it; undefined when the error is a defect of ours. */
export function mistakeIn(error: unknown): string | undefined {
  if (MISTAKES.some((mistake) => error instanceof mistake)) return (error as Error).message;
  const { code, syscall, message, port, address } = error as ListenError;
  if (syscall !== 'listen' && syscall !== 'bind') return syscall === undefined ? undefined : message;
  switch (code) {
    case 'EADDRINUSE': return `port ${port} is in use by another process; pass another --secure-port`;
    case 'EACCES': return `port ${port} needs privileges that this process does not have; pass a --secure-port above 1023`;
    case 'EADDRNOTAVAIL':
    case 'EINVAL': return `no interface has the address ${address}; pass another --bind-address`;
    default: return message;
  }
}
