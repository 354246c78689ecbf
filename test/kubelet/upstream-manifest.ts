import { readFileSync } from 'fs';
import { join } from 'path';
import { RealCluster } from './cluster';
import { Image } from '../../src';

const DIRECTORY = join(__dirname, '../golden/manifests');

/** A manifest that clusters have already, as it stands but for the name of the image. */
export class UpstreamManifest {
  private readonly file: string;

  constructor(private readonly cluster: RealCluster, path: string) {
    const lines = readFileSync(join(DIRECTORY, path), 'utf8').split('\n');
    const images = lines.filter((line) => /^ *image: /.test(line));
    if (images.length !== 1) throw new Error(`${path} has ${images.length} images, not one`);
    const swapped = lines.map((line) => line === images[0] ? line.replace(/image: .*/, `image: ${Image.companion().reference}`) : line);
    this.file = cluster.write('upstream.yaml', swapped.join('\n'));
  }

  public async apply(): Promise<void> {
    await this.cluster.kubectl.run('apply', '-f', this.file);
  }

  /** Until its objects are gone; its pods end in their own time. */
  public async remove(): Promise<void> {
    await this.cluster.kubectl.run('delete', '-f', this.file);
  }
}
