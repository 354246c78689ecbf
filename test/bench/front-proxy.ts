import { once } from 'events';
import { readFileSync } from 'fs';
import { Agent, get } from 'https';
import { text } from 'stream/consumers';
import { RunningServer } from './contender';

/** Asks a server as kube-apiserver's aggregation layer does, for what the benchmark wants to know and does not measure. */
export class FrontProxy {
  private readonly agent: Agent;

  constructor(private readonly server: RunningServer) {
    const { certificateFile, keyFile } = server.cluster.frontProxy;
    this.agent = new Agent({ keepAlive: true, cert: readFileSync(certificateFile), key: readFileSync(keyFile), rejectUnauthorized: false });
  }

  /** The body; rejects unless the answer is 200. */
  public async get(path: string): Promise<string> {
    const [response] = await once(get(`${this.server.origin}${path}`, {
      agent: this.agent, headers: { 'accept': 'application/json', 'x-remote-user': 'bench', 'x-remote-group': 'system:masters' },
    }), 'response');
    const body = await text(response);
    if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode} ${body.slice(0, 500)}`);
    return body;
  }

  public close(): void {
    this.agent.destroy();
  }
}
