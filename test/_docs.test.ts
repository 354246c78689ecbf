import { docsUrl } from '../src/_docs';

test.each([['0.0.0', 'main'], ['0.3.1', 'v0.3.1']])('version %s of the package refers to the docs of %s', (version, ref) => {
  expect(docsUrl('probes.md', { version, repository: { url: 'git+https://example.com/a/b.git' } })).toBe(`https://example.com/a/b/blob/${ref}/docs/probes.md`);
});
