import * as fs from 'fs';
import * as path from 'path';
import { GROUPS, metricsServerPage, metricsServerProperties } from './metrics-server';
import { publicMembers } from '../public-api';

const PAGE = path.join(__dirname, '..', '..', 'docs', 'metrics-server.md');

describe('docs/metrics-server.md', () => {
  test('is as it is generated', () => {
    // Written by hand only: UPDATE_GOLDEN=1 npx jest test/docs
    if (process.env.UPDATE_GOLDEN) fs.writeFileSync(PAGE, metricsServerPage());
    expect(fs.readFileSync(PAGE, 'utf8')).toBe(metricsServerPage());
  });

  test('has every property once, in a group', () => {
    const properties = [...publicMembers()].filter((name) => name.startsWith('MetricsServerProps.')).map((name) => name.split('.')[1]);

    expect(Object.values(GROUPS).flat().sort()).toEqual(properties.sort());
    expect([...metricsServerProperties().keys()].sort()).toEqual(properties);
  });

  test('has a default and a whole sentence for each', () => {
    for (const { name, standard, summary } of metricsServerProperties().values()) {
      expect([name, standard, summary]).toEqual([name, expect.stringMatching(/\w/), expect.stringMatching(/^[A-Z].*[.]$/)]);
    }
  });
});
