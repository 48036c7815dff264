import { readFileSync, readdirSync } from 'node:fs';

/** Of Linux on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/** Of user and system so far; NaN where there is no /proc. */
export function cpuMs(pid: number): number {
  const fields = statOf(pid);
  return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS_PER_SECOND;
}

/** Of all processes of a group, those that have ended and were waited for included. */
export function groupCpuMs(group: number): number {
  let ticks = 0;
  for (const pid of readdirSync('/proc')) {
    const fields = /^\d+$/.test(pid) ? statOf(Number(pid)) : [];
    if (Number(fields[2]) === group)
      ticks += fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  }
  return (ticks * 1000) / TICKS_PER_SECOND;
}

/** Resident memory; NaN where there is no /proc. */
export const rssBytes = (pid: number): number =>
  Number(/VmRSS:\s+(\d+) kB/.exec(proc(pid, 'status'))?.[1]) * 1024;

/** What follows the name: state, parent, group … */
function statOf(pid: number): string[] {
  return proc(pid, 'stat').split(') ')[1]?.split(' ') ?? [];
}

function proc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
