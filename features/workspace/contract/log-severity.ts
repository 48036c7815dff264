import type { Severity } from './log-protocol.ts';

/**
 * How severe a line says it is; undefined where it does not. Looked for, in this order:
 * - klog: `E1121 14:00:00.000000 …` (I, W, E, F)
 * - JSON: `"level"`, `"lvl"`, `"severity"` or `"log.level"`, a word or a number (pino, bunyan: 10 … 60)
 * - logfmt: `level=`, `lvl=`, `severity=`
 * - a word in brackets, or in capitals, among the first 96 characters: `[error]`, `<warn>`, `ERROR`, `WARN:`
 */
export function severityOf(text: string): Severity | undefined {
  const head = text.length > HEAD ? text.slice(0, HEAD) : text;
  const first = head.charCodeAt(0);
  if (first === 0x7b) return jsonSeverity(text.length > JSON_HEAD ? text.slice(0, JSON_HEAD) : text);
  if (isKlogLetter(first)) {
    const klog = KLOG.exec(head);
    if (klog) return KLOG_LETTERS[klog[1]!];
  }
  return fieldSeverity(head) ?? wordSeverity(head);
}

/** True when a line of this severity is to be shown to who asked for `least` or more; what says nothing always is. */
export function isSevereEnough(severity: Severity | undefined, least: Severity | undefined): boolean {
  return least === undefined || severity === undefined || ORDER[severity] >= ORDER[least];
}

const ORDER: Readonly<Record<Severity, number>> = { debug: 0, info: 1, warn: 2, error: 3 };

const HEAD = 256;
const JSON_HEAD = 1024;
const WORD_HEAD = 96;

const KLOG = /^([IWEF])\d{4} \d\d:\d\d:\d\d/;
const KLOG_LETTERS: Readonly<Record<string, Severity>> = { I: 'info', W: 'warn', E: 'error', F: 'error' };

const WORDS: Readonly<Record<string, Severity>> = {
  trace: 'debug',
  debug: 'debug',
  dbg: 'debug',
  info: 'info',
  information: 'info',
  notice: 'info',
  log: 'info',
  warn: 'warn',
  warning: 'warn',
  wrn: 'warn',
  err: 'error',
  error: 'error',
  severe: 'error',
  fatal: 'error',
  crit: 'error',
  critical: 'error',
  alert: 'error',
  emerg: 'error',
  emergency: 'error',
  panic: 'error',
};

const JSON_FIELD = /"(?:level|lvl|severity|log\.level|levelname)"\s*:\s*(?:"([A-Za-z]+)"|(\d+))/;
const LOGFMT_FIELD = /(?:^|\s)(?:level|lvl|severity)="?([A-Za-z]+)/;
const BRACKETED = /[[(<]\s*([A-Za-z]{3,11})\s*[\])>]/;
const CAPITALS = /(?:^|[\s|:])([A-Z]{4,8})(?=[\s:|]|$)/;

function isKlogLetter(code: number): boolean {
  return code === 0x49 || code === 0x57 || code === 0x45 || code === 0x46;
}

function jsonSeverity(text: string): Severity | undefined {
  const match = JSON_FIELD.exec(text);
  if (!match) return undefined;
  return match[1] === undefined ? ofNumber(Number(match[2])) : WORDS[match[1].toLowerCase()];
}

/** pino and bunyan: 10 trace, 20 debug, 30 info, 40 warn, 50 error, 60 fatal. */
function ofNumber(level: number): Severity | undefined {
  if (level < 10 || level > 60) return undefined;
  return level >= 50 ? 'error' : level >= 40 ? 'warn' : level >= 30 ? 'info' : 'debug';
}

function fieldSeverity(head: string): Severity | undefined {
  if (!head.includes('=')) return undefined;
  const match = LOGFMT_FIELD.exec(head);
  return match ? WORDS[match[1]!.toLowerCase()] : undefined;
}

function wordSeverity(head: string): Severity | undefined {
  const start = head.length > WORD_HEAD ? head.slice(0, WORD_HEAD) : head;
  return firstWord(start, BRACKETED) ?? firstWord(start, CAPITALS);
}

/** The severity of the first word found that means one. */
function firstWord(text: string, pattern: RegExp): Severity | undefined {
  let rest = text;
  for (;;) {
    const match = pattern.exec(rest);
    if (!match) return undefined;
    const known = WORDS[match[1]!.toLowerCase()];
    if (known !== undefined) return known;
    rest = rest.slice(match.index + 1);
  }
}
