import { readdirSync, readFileSync } from 'fs';

/** USER_HZ, which Linux shows to programs on every architecture we run on. */
const TICKS_PER_SECOND = 100;

/** What runs on the machine beside the benchmark, which is all that is visible in its namespace. */
export class OtherPrograms {
  private readonly beganMs = Date.now();
  private readonly ticks = othersTicks();

  /** Cores that they have used since. */
  public cores(): number {
    return Math.max(0, (othersTicks() - this.ticks) / TICKS_PER_SECOND / ((Date.now() - this.beganMs) / 1000));
  }
}

function othersTicks(): number {
  const [, user, nice, system] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0].split(/ +/).map(Number);
  return user + nice + system - ownTicks();
}

/** Of all processes that are here, with children that have ended. */
function ownTicks(): number {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).reduce((sum, pid) => {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      return sum + stat.slice(stat.lastIndexOf(')') + 2).split(' ').slice(11, 15).reduce((ticks, field) => ticks + Number(field), 0);
    } catch {
      return sum; // It has just ended.
    }
  }, 0);
}
