export class CronSyntaxError extends Error {
  readonly name = 'CronSyntaxError';

  /** `offset` is where in the text. */
  constructor(message: string, readonly offset: number) {
    super(message);
  }
}

interface Field {
  readonly name: string;
  readonly minimum: number;
  readonly maximum: number;
  /** The first one stands for `minimum`. */
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { name: 'minute', minimum: 0, maximum: 59 },
  { name: 'hour', minimum: 0, maximum: 23 },
  { name: 'day of the month', minimum: 1, maximum: 31 },
  { name: 'month', minimum: 1, maximum: 12, names: MONTHS },
  // 7 is Sunday as well.
  { name: 'day of the week', minimum: 0, maximum: 7, names: DAYS },
];

const DAY_MS = 86_400_000;
/** No day of the calendar is longer away: from 29 February 2096 to that of 2104. */
const MAX_DAYS = 8 * 366;

/** Minutes of the calendar as cron(8) has them: five fields of `*`, numbers, names, ranges, steps and lists. */
export class CronExpression {
  private readonly minutes: readonly number[];
  private readonly hours: readonly number[];
  private readonly daysOfMonth: ReadonlySet<number>;
  private readonly months: ReadonlySet<number>;
  private readonly daysOfWeek: ReadonlySet<number>;
  /** If both kinds of days are named, either does; a field that begins with `*` names none. */
  private readonly eitherDay: boolean;

  /** @throws CronSyntaxError */
  constructor(text: string) {
    const words = [...text.matchAll(/\S+/g)];
    if (words.length !== FIELDS.length) throw new CronSyntaxError(`it has ${words.length} fields; give ${FIELDS.map(({ name }) => name).join(', ')}`, 0);
    const [minutes, hours, daysOfMonth, months, daysOfWeek] = words.map((word, index) => numbersOf(word[0], word.index, FIELDS[index]));
    const descending = (numbers: ReadonlySet<number>) => [...numbers].sort((a, b) => b - a);
    this.minutes = descending(minutes);
    this.hours = descending(hours);
    this.daysOfMonth = daysOfMonth;
    this.months = months;
    this.daysOfWeek = new Set(Array.from(daysOfWeek, (day) => day % 7));
    this.eitherDay = !words[2][0].startsWith('*') && !words[4][0].startsWith('*');
    if (this.lastUntil(Date.UTC(2104, 11, 31)) === undefined) throw new CronSyntaxError('it never comes: no month has that day', words[2].index);
  }

  /** The latest of its minutes that is not after `wallMs`. Both are what a clock on the wall shows, as milliseconds since 1970 on that clock. */
  lastUntil(wallMs: number): number | undefined {
    const today = Math.floor(wallMs / DAY_MS) * DAY_MS;
    for (let day = today; day > today - MAX_DAYS * DAY_MS; day -= DAY_MS) {
      if (!this.hasDay(new Date(day))) continue;
      for (const hour of this.hours) {
        for (const minute of this.minutes) {
          const at = day + (hour * 60 + minute) * 60_000;
          if (at <= wallMs) return at;
        }
      }
    }
    return undefined;
  }

  private hasDay(day: Date): boolean {
    if (!this.months.has(day.getUTCMonth() + 1)) return false;
    const [ofMonth, ofWeek] = [this.daysOfMonth.has(day.getUTCDate()), this.daysOfWeek.has(day.getUTCDay())];
    return this.eitherDay ? ofMonth || ofWeek : ofMonth && ofWeek;
  }
}

function numbersOf(word: string, offset: number, field: Field): ReadonlySet<number> {
  const numbers = new Set<number>();
  let at = offset;
  for (const part of word.split(',')) {
    const [range, step, more] = part.split('/');
    if (more !== undefined || step !== undefined && !/^[1-9]\d{0,2}$/.test(step)) throw new CronSyntaxError(`${JSON.stringify(part)} has no number behind /`, at);
    const [first, last] = rangeOf(range, step !== undefined, at, field);
    for (let number = first; number <= last; number += Number(step ?? 1)) numbers.add(number);
    at += part.length + 1;
  }
  return numbers;
}

function rangeOf(text: string, isStepped: boolean, offset: number, field: Field): readonly [first: number, last: number] {
  const { minimum, maximum } = field;
  if (text === '*') return [minimum, maximum];
  const ends = text.split('-');
  const [first, last = isStepped ? maximum : first] = ends.map((end) => numberOf(end, offset, field));
  if (ends.length > 2 || first > last) throw new CronSyntaxError(`${JSON.stringify(text)} is no range: give a smaller and a larger number with - between them`, offset);
  return [first, last];
}

function numberOf(text: string, offset: number, { name, minimum, maximum, names = [] }: Field): number {
  const named = names.indexOf(text.toLowerCase());
  const number = named >= 0 ? named + minimum : /^\d{1,2}$/.test(text) ? Number(text) : NaN;
  if (number >= minimum && number <= maximum) return number;
  const or = names.length > 0 ? `, or ${names[0]} to ${names[names.length - 1]}` : '';
  throw new CronSyntaxError(`${JSON.stringify(text)} is no ${name}: give ${minimum} to ${maximum}${or}`, offset);
}
