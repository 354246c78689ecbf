import { Screen } from '../../start/screen';

function screenOf(terminal: { isTTY: boolean; rows: number; columns: number }): { screen: Screen; written: string[] } {
  const written: string[] = [];
  const stream = { ...terminal, write: (text: string) => written.push(text) > 0 };
  return { screen: new Screen(stream as unknown as NodeJS.WriteStream), written };
}

test('on a terminal the new lines take the place of the old', () => {
  const { screen, written } = screenOf({ isTTY: true, rows: 24, columns: 80 });
  screen.show(['a', 'b']);
  screen.show(['c']);
  expect(written).toEqual(['a\nb\n', '\x1b[2A\x1b[0Jc\n']);
});

test('what does not fit a terminal is counted, and no line wraps', () => {
  const { screen, written } = screenOf({ isTTY: true, rows: 4, columns: 9 });
  screen.show(['1 and more than nine', '2', '3', '4', '5']);
  expect(written).toEqual(['1 and mor\n2\n… and 3 m\n']);
});

test('elsewhere tables that differ follow one another, whole and without control characters', () => {
  const { screen, written } = screenOf({ isTTY: false, rows: 2, columns: 2 });
  screen.show(['a', 'b', 'c']);
  screen.show(['d']);
  screen.show(['d']);
  expect(written).toEqual(['a\nb\nc\n', '\nd\n']);
});
