import { spawn } from 'child_process';
import { Clock, Stop } from '../clock';
import { Credentials, CredentialSource } from './cluster-config';

/** `users[].user.exec` of a kubeconfig. */
export interface ExecConfig {
  /** client.authentication.k8s.io/v1 or /v1beta1. */
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Said when the command is not there. */
  readonly installHint?: string;
  /** ExecCredential `spec.cluster`, when the kubeconfig asks for it. */
  readonly cluster?: Readonly<Record<string, unknown>>;
}

/** A credential plug-in that failed. */
export class ExecCredentialError extends Error {
  readonly name = 'ExecCredentialError';

  constructor(command: string, problem: string, hint?: string) {
    super(`credential plug-in ${command} ${problem}${hint ? `; ${firstLine(hint)}` : ''}`);
  }
}

const TIMEOUT_MS = 60_000;
const MAX_OUTPUT_BYTES = 1024 * 1024;

/** Credentials from a client-go credential plug-in, kept until they expire or the API server refuses them. */
export class ExecCredentials implements CredentialSource {
  private cached: { readonly credentials: Credentials; readonly expiresMs: number } | undefined;
  private running: Promise<Credentials> | undefined;

  constructor(private readonly config: ExecConfig, private readonly clock: Clock) {}

  async credentials(): Promise<Credentials> {
    if (this.cached && this.clock.now() < this.cached.expiresMs) return this.cached.credentials;
    this.running ??= this.renew().finally(() => { this.running = undefined; });
    return this.running;
  }

  invalidate(): void {
    this.cached = undefined;
  }

  private async renew(): Promise<Credentials> {
    const output = await run(this.config, this.clock);
    this.cached = parse(this.config, output);
    return this.cached.credentials;
  }
}

function run({ apiVersion, command, args, env, installHint, cluster }: ExecConfig, clock: Clock): Promise<string> {
  const info = JSON.stringify({ kind: 'ExecCredential', apiVersion, spec: { interactive: false, cluster } });
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      env: { ...process.env, ...env, KUBERNETES_EXEC_INFO: info },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that what a script starts ends with it.
      detached: true,
    });
    const output: Buffer[] = [];
    let outputBytes = 0;
    let complaint = '';
    const stop: Stop = clock.after(TIMEOUT_MS, () => end(`gave no answer in ${TIMEOUT_MS / 1000} s`));
    const end = (problem: string | undefined, hint?: string) => {
      stop();
      if (child.exitCode === null && child.pid !== undefined) kill(child.pid);
      if (problem === undefined) resolve(Buffer.concat(output).toString());
      else reject(new ExecCredentialError(command, problem, hint));
    };
    child.stdout.on('data', (chunk: Buffer) => {
      output.push(chunk);
      outputBytes += chunk.length;
      if (outputBytes > MAX_OUTPUT_BYTES) end(`wrote more than ${MAX_OUTPUT_BYTES} bytes`);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 4096) complaint += chunk.toString();
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      end(error.code === 'ENOENT' ? 'was not found' : `cannot be started (${error.code ?? error.message})`, installHint);
    });
    child.on('close', (code, signal) => {
      if (code === 0) return end(undefined);
      const how = code === null ? `was ended by ${signal}` : `ended with exit code ${code}`;
      end(complaint.trim() === '' ? how : `${how}: ${firstLine(complaint)}`);
    });
  });
}

function kill(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended by itself.
  }
}

function parse({ apiVersion, command }: ExecConfig, output: string) {
  const refuse = (problem: string): never => { throw new ExecCredentialError(command, problem); };
  const credential = json(output) ?? refuse('did not write an ExecCredential as JSON');
  if (credential.kind !== 'ExecCredential' || credential.apiVersion !== apiVersion) {
    refuse(`wrote ${String(credential.apiVersion)} ${String(credential.kind)}, the kubeconfig asks for ${apiVersion} ExecCredential`);
  }
  const { token, clientCertificateData: certificate, clientKeyData: key, expirationTimestamp } = credential.status ?? {};
  if (!token && !certificate) refuse('gave neither a token nor a client certificate');
  if (!certificate !== !key) refuse('gave a client certificate without its key, or a key without its certificate');
  const expiresMs = expirationTimestamp === undefined ? Infinity : Date.parse(expirationTimestamp);
  if (Number.isNaN(expiresMs)) refuse('gave an expirationTimestamp that is no RFC 3339 time');
  const credentials: Credentials = {
    ...(token && { bearerToken: token }),
    ...(certificate && key && { clientCertificate: { certificate, key } }),
  };
  return { credentials, expiresMs };
}

interface ExecCredential {
  readonly kind?: unknown;
  readonly apiVersion?: unknown;
  readonly status?: {
    readonly token?: string;
    readonly clientCertificateData?: string;
    readonly clientKeyData?: string;
    readonly expirationTimestamp?: string;
  };
}

function json(text: string): ExecCredential | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function firstLine(text: string): string {
  return text.trim().split('\n', 1)[0].trim().slice(0, 300);
}
