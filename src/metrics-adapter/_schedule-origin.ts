import { checkNumber } from './_json-checks';
import { Origin, OriginPlace } from './_origin';
import { ScheduleOriginOptions, ScheduleWindow } from './origin-options';
import { CronExpression, CronSyntaxError } from '../_facts/cron';
import { LabelSet } from '../promql/_label-set';
import { allOf, fieldsOf, listOf } from '../validation/_checks';
import { Check, checkText, refuse } from '../validation/_validation';

const checkCron: Check = (scope, property, text) => {
  checkText(scope, property, text);
  try {
    new CronExpression(text as string);
  } catch (error) {
    if (!(error instanceof CronSyntaxError)) throw error;
    refuse(scope, { property, given: text, allowed: `a cron expression; at character ${error.offset + 1}: ${error.message}`, mend: 'write it as in 0 8 * * mon-fri' });
  }
};

const checkOpens: Check = (scope, property, window) => {
  const { start, end } = window as ScheduleWindow;
  if (start.trim() !== end.trim()) return;
  refuse(scope, { property: `${property}.end`, given: end, allowed: 'another time than start: the window would never open', mend: 'set end to when it closes' });
};

const checkTimeZone: Check = (scope, property, timeZone) => {
  checkText(scope, property, timeZone);
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: timeZone as string });
  } catch {
    refuse(scope, { property, given: timeZone, allowed: 'a time zone of the IANA database', mend: 'write it as in Europe/Berlin' });
  }
};

const checkWindow = allOf(fieldsOf<ScheduleWindow>({ start: checkCron, end: checkCron, value: checkNumber }, {}), checkOpens);
const checkOptions = fieldsOf<ScheduleOriginOptions>({ windows: listOf(checkWindow, 1) }, { timeZone: checkTimeZone, outside: checkNumber });

export class ScheduleOrigin implements Origin {
  public readonly of = 'nothing';

  constructor(private readonly options: ScheduleOriginOptions) {}

  public check({ scope }: OriginPlace, property: string): void {
    checkOptions(scope, property, this.options);
  }

  public labels(): LabelSet {
    return LabelSet.only([]);
  }

  public configuration(): object {
    const { timeZone, windows, outside } = this.options;
    return {
      schedule: {
        ...timeZone !== undefined && { timeZone },
        windows: windows.map(({ start, end, value }) => ({ start, end, value })),
        ...outside !== undefined && { outside },
      },
    };
  }
}
