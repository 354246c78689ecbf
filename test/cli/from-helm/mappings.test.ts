import { chartLeaves } from './chart-values';
import { MAPPINGS } from '../../../src/cli/from-helm/mappings';
import { publicMembers } from '../../public-api';

describe('the table of the chart\'s values', () => {
  const rows = new Map(MAPPINGS.flatMap((mapping) => Object.entries(mapping.values).map(([value, standard]) => [value, { mapping, standard }])));

  test('has one row for every leaf of the chart\'s values.yaml and of what is not released yet, and no other', () => {
    const leaves = MAPPINGS.flatMap(({ values }) => Object.keys(values));
    expect(leaves.sort()).toEqual([...chartLeaves().keys()].sort());
  });

  test.each([...chartLeaves()])('knows the default of %s', (value, standard) => {
    expect(rows.get(value)?.standard).toEqual(standard);
  });

  test('names only what the package exports', () => {
    const members = publicMembers();
    expect(MAPPINGS.flatMap(({ properties }) => properties).filter((name) => !members.has(name))).toEqual([]);
  });

  test('says of each value how it is said here, or why it is not', () => {
    for (const { note } of MAPPINGS) expect(note).toMatch(/^.{5,}[.]$/);
    expect(MAPPINGS.filter(({ properties }) => properties.length === 0).map(({ values }) => Object.keys(values))).toEqual([['rbac.pspEnabled']]);
  });
});
