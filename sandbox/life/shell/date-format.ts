const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];

/** `date [-u] [-R] [-Iseconds] [-d @SECONDS] [+FORMAT]`, at a time that is told, in UTC. */
export function formatDate(
  args: readonly string[],
  now: number,
): { stdout: string; stderr: string; exitCode: number } {
  let at = now;
  let format = '+%a %b %e %H:%M:%S UTC %Y';
  for (let index = 0; index < args.length; index++) {
    const arg = args[index]!;
    if (arg.startsWith('+')) format = arg;
    else if (arg === '-R') format = '+%a, %d %b %Y %H:%M:%S +0000';
    else if (/^-I(s|seconds)$|^--iso-8601=seconds$/.test(arg)) format = '+%Y-%m-%dT%H:%M:%S+00:00';
    else if (arg === '-I') format = '+%Y-%m-%d';
    else if (arg === '-d' || arg === '--date') at = readDate(args[++index] ?? '', now);
    else if (arg !== '-u' && arg !== '--utc')
      return { stdout: '', stderr: `date: invalid date '${arg}'\n`, exitCode: 1 };
  }
  if (Number.isNaN(at)) return { stdout: '', stderr: 'date: invalid date\n', exitCode: 1 };
  return { stdout: `${strftime(format.slice(1), at)}\n`, stderr: '', exitCode: 0 };
}

function readDate(text: string, now: number): number {
  if (text.startsWith('@')) return Number(text.slice(1)) * 1000;
  return text === 'now' ? now : Date.parse(text);
}

function strftime(format: string, ms: number): string {
  const at = new Date(ms);
  const two = (value: number, fill = '0'): string => String(value).padStart(2, fill);
  const fields: Record<string, () => string> = {
    a: () => DAYS[at.getUTCDay()]!.slice(0, 3),
    A: () => DAYS[at.getUTCDay()]!,
    b: () => MONTHS[at.getUTCMonth()]!.slice(0, 3),
    B: () => MONTHS[at.getUTCMonth()]!,
    c: () => strftime('%a %b %e %H:%M:%S %Y', ms),
    d: () => two(at.getUTCDate()),
    D: () => strftime('%m/%d/%y', ms),
    e: () => two(at.getUTCDate(), ' '),
    F: () => strftime('%Y-%m-%d', ms),
    H: () => two(at.getUTCHours()),
    I: () => two(at.getUTCHours() % 12 || 12),
    j: () => String(Math.floor((ms - Date.UTC(at.getUTCFullYear(), 0, 1)) / 86_400_000) + 1).padStart(3, '0'),
    m: () => two(at.getUTCMonth() + 1),
    M: () => two(at.getUTCMinutes()),
    n: () => '\n',
    N: () => `${String(at.getUTCMilliseconds()).padStart(3, '0')}000000`,
    p: () => (at.getUTCHours() < 12 ? 'AM' : 'PM'),
    R: () => strftime('%H:%M', ms),
    s: () => String(Math.floor(ms / 1000)),
    S: () => two(at.getUTCSeconds()),
    t: () => '\t',
    T: () => strftime('%H:%M:%S', ms),
    u: () => String(at.getUTCDay() || 7),
    w: () => String(at.getUTCDay()),
    y: () => two(at.getUTCFullYear() % 100),
    Y: () => String(at.getUTCFullYear()),
    z: () => '+0000',
    Z: () => 'UTC',
    '%': () => '%',
  };
  return format.replaceAll(/%-?([A-Za-z%])/g, (all, letter: string) => fields[letter]?.() ?? all);
}
