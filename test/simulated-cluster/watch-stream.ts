import * as https from 'node:https';

/** An event of a watch. */
export interface WatchEvent {
  readonly type: string;
  readonly object: any;
}

/** Reads the events of a watch one by one, as a client sees them. */
export class WatchStream {
  public static open(server: string, path: string, options: https.RequestOptions): Promise<WatchStream> {
    return new Promise((resolve, reject) => {
      https.get(new URL(path, server), { ...options, agent: false }, (response) => {
        resolve(new WatchStream(response.statusCode!, response));
      }).on('error', reject);
    });
  }

  private readonly events: AsyncGenerator<WatchEvent>;

  private constructor(public readonly code: number, private readonly stream: NodeJS.ReadableStream & { destroy(): unknown }) {
    this.events = readEvents(stream);
  }

  /** The next event; undefined when the stream has ended. */
  public async next(): Promise<WatchEvent | undefined> {
    const { done, value } = await this.events.next();
    return done ? undefined : value;
  }

  public close(): void {
    this.stream.destroy();
  }
}

async function* readEvents(stream: NodeJS.ReadableStream): AsyncGenerator<WatchEvent> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = `${rest}${chunk}`.split('\n');
    rest = lines.pop()!;
    for (const line of lines) yield JSON.parse(line);
  }
}
