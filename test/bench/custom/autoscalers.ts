import { ClientHttp2Session, connect } from 'http2';
import { apps } from './workload';

/** Of kube-controller-manager. */
const SYNC_MS = 15_000;
const TOGETHER = 5;
const ACCEPT = 'application/vnd.kubernetes.protobuf, */*';

const metricPaths = apps.map(({ name, namespace }) => [
  `/apis/custom.metrics.k8s.io/v1beta2/namespaces/${namespace}/pods/%2A/http_requests?labelSelector=app%3D${name}`,
  `/apis/custom.metrics.k8s.io/v1beta2/namespaces/${namespace}/services/${name}/service_requests`,
  `/apis/external.metrics.k8s.io/v1beta1/namespaces/${namespace}/queue_depth?labelSelector=topic%3D${name}`,
]);

/** One for each kind of metric. */
export const samplePaths = metricPaths[0];

/** Asks for three metrics of each app every 15 seconds, evenly, over one connection, as kube-controller-manager does through kube-apiserver. */
export class Autoscalers {
  readonly failures: string[] = [];
  readonly latenciesMs: number[] = [];
  private readonly session: ClientHttp2Session;
  private readonly timer: NodeJS.Timeout;
  private next = 0;

  /** Known by a certificate: k8s.io/apiserver ends connections of strangers after each request. */
  constructor(port: number, identity: { readonly cert: Buffer; readonly key: Buffer }) {
    this.session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false, ...identity });
    this.timer = setInterval(() => {
      for (let i = 0; i < TOGETHER; i++) void this.sync(metricPaths[this.next++ % metricPaths.length]);
    }, SYNC_MS * TOGETHER / metricPaths.length);
  }

  stop(): void {
    clearInterval(this.timer);
    this.session.destroy();
  }

  private async sync(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      const askedMs = performance.now();
      const status = await this.ask(path);
      this.latenciesMs.push(performance.now() - askedMs);
      if (status !== 200) this.failures.push(`${status} ${path}`);
    }
  }

  private ask(path: string): Promise<number> {
    return new Promise((resolve) => {
      let status = 0;
      this.session.request({ ':path': path, 'accept': ACCEPT })
        .on('response', (headers) => { status = Number(headers[':status']); })
        .on('error', () => resolve(0))
        .on('close', () => resolve(status))
        .resume();
    });
  }
}
