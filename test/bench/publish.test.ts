import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { publish, publishedFiles } from './publish';
import { sampleReport } from './sample-report';

test('the pages and the chart are what follows from the published results', () => {
  for (const [file, content] of Object.entries(publishedFiles('.'))) expect(readFileSync(file, 'utf8')).toBe(content);
});

test('each size is published by itself, beside those that are there', () => {
  const root = mkdtempSync(join(tmpdir(), 'publish-'));
  try {
    mkdirSync(join(root, 'docs'));
    for (const page of ['README.md', 'docs/performance.md', 'docs/scale.md', 'docs/sizing.md']) cpSync(page, join(root, page));
    for (const nodes of [1000, 10]) publish(sampleReport(nodes, {}), root);

    const read = (page: string) => readFileSync(join(root, page), 'utf8');
    expect(read('README.md')).toContain('| ours / metrics-server v0.9.0 | 10 nodes | 1,000 nodes |');
    expect(read('README.md')).toContain('![Ours as a share of metrics-server\'s](docs/performance.svg)');
    expect(read('docs/sizing.md')).toContain('| 1,000 × 30 | metrics-server v0.9.0 | 100 ms |');
    expect(read('docs/scale.md')).toContain('| 1,000 × 30 | 10 µs | 0.0002 |');
    expect(read('docs/performance.md')).toMatch(/### 10 nodes × 30 pods[^]*### 1,000 nodes × 30 pods/);
    expect(read('docs/performance.svg')).toContain('1,000 nodes');
    expect(publishedFiles(root)['README.md']).toBe(read('README.md'));
  } finally {
    rmSync(root, { recursive: true });
  }
});
