const MINUTE_MS = 60_000;
/** No clock is set back by more, nowadays. */
const LOOK_BACK_MINUTES = 180;

/** What a clock on the wall shows in a time zone. */
export class WallClock {
  private readonly format: Intl.DateTimeFormat;

  /** @throws RangeError for a time zone that is not known */
  constructor(timeZone: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone, calendar: 'gregory', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric',
    });
  }

  /**
   * The latest minute that the clock has shown until now, as milliseconds since 1970 on that clock. It never goes back: while an hour is shown for a
   * second time, what came in it has come already; what is left out when the clock is set forward comes as it is.
   */
  latest(timeMs: number): number {
    const minuteMs = Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
    const beforeMs = minuteMs - LOOK_BACK_MINUTES * MINUTE_MS;
    const shown = this.shown(minuteMs);
    if (this.shown(beforeMs) - beforeMs <= shown - minuteMs) return shown;
    const minutes = Array.from({ length: LOOK_BACK_MINUTES }, (_, minute) => this.shown(minuteMs - minute * MINUTE_MS));
    return Math.max(...minutes);
  }

  private shown(timeMs: number): number {
    const parts = Object.fromEntries(this.format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(parts.year, parts.month - 1, parts.day, parts.hour, parts.minute);
  }
}
