import { Compile } from 'typebox/compile';
import { ConfigSchema, SETTINGS, type Config, type Setting } from './config-schema.ts';

/** Everything that is wrong with flags and variables, without any value that could be secret. */
export class ConfigProblem extends Error {
  override readonly name = 'ConfigProblem';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads flags and variables into a frozen Config. Throws ConfigProblem with all problems at once. */
export function readConfig(args: readonly string[], env: Environment): Config {
  const problems: string[] = [];
  const flags = readFlags(args, problems);
  const values: Record<string, unknown> = {};
  for (const [name, setting] of SETTINGS) {
    const text = (setting.flag && flags.get(setting.flag)) ?? fromEnvironment(setting, env);
    const value = text === undefined ? structuredClone(setting.default) : convert(setting, text);
    if (value !== undefined) values[name] = value;
  }
  for (const { instancePath, keyword, message } of Compile(ConfigSchema).Errors(values)) {
    const property = instancePath.split('/')[1] ?? '';
    const about = SETTINGS.get(property)?.description ?? '';
    // Patterns are for the program; people read what the setting takes.
    problems.push(`${nameOf(property)} ${keyword === 'pattern' ? 'is not understood' : message}. ${about}`);
  }
  problems.push(...contradictions(values as Partial<Config>));
  if (problems.length > 0) throw new ConfigProblem([...new Set(problems)]);
  return Object.freeze(values as Config);
}

/** The text of `--help`. */
export function helpText(): string {
  const rows = [...SETTINGS.values()].map((setting) => ({
    names: [setting.flag ? `--${setting.flag}` : '', ...setting.env].filter(Boolean).join(', '),
    about: setting.description + defaultText(setting),
  }));
  const width = Math.max(...rows.map(({ names }) => names.length)) + 2;
  return [
    'krateyard gateway: serves the console and its API for one Kubernetes cluster.',
    'Without --kubeconfig, $KUBECONFIG or in-cluster credentials it embeds a cluster of its own.',
    '',
    ...rows.map(({ names, about }) => `  ${names.padEnd(width)}${about}`),
    `  ${'--help'.padEnd(width)}Show this.`,
    '',
  ].join('\n');
}

function readFlags(args: readonly string[], problems: string[]): Map<string, string> {
  const known = new Map(
    [...SETTINGS.values()].flatMap((one) => (one.flag ? [[one.flag, one] as const] : [])),
  );
  const flags = new Map<string, string>();
  for (let index = 0; index < args.length; index += 1) {
    const [, name = '', given] = /^--([\w-]+)(?:=(.*))?$/s.exec(args[index] ?? '') ?? [];
    const setting = known.get(name);
    if (!setting) {
      // The text may be a misplaced secret; flags are not.
      problems.push(name === '' ? `argument ${index + 1} is not a flag` : `--${name} is not known`);
      continue;
    }
    const next = args[index + 1];
    if (given !== undefined) flags.set(name, given);
    else if (setting.type === 'boolean') flags.set(name, 'true');
    else if (next === undefined || next.startsWith('--')) problems.push(`--${name} needs a value`);
    else {
      flags.set(name, next);
      index += 1;
    }
  }
  return flags;
}

function fromEnvironment(setting: Setting, env: Environment): string | undefined {
  return setting.env.map((name) => env[name]).find((value) => value !== undefined && value !== '');
}

/** What cannot be converted stays text, so that the schema complains about its type. */
function convert(setting: Setting, text: string): unknown {
  if (setting.type === 'integer') return /^-?\d+$/.test(text) ? Number(text) : text;
  if (setting.type === 'boolean') return { true: true, '1': true, false: false, '0': false }[text] ?? text;
  if (setting.type === 'array') return text.split(',').filter(Boolean);
  return text;
}

function contradictions(config: Partial<Config>): string[] {
  const problems: string[] = [];
  if (config.context !== undefined && config.kubeconfig === undefined) {
    problems.push('--context needs --kubeconfig or KUBECONFIG');
  }
  if (config.writeKubeconfig !== undefined && config.kubeconfig !== undefined) {
    problems.push('--write-kubeconfig is for the embedded cluster; --kubeconfig or KUBECONFIG names another');
  }
  return problems;
}

function nameOf(property: string): string {
  const setting = SETTINGS.get(property);
  const names = [setting?.flag ? `--${setting.flag}` : '', ...(setting?.env ?? [])].filter(Boolean);
  return names.join(' / ') || property;
}

function defaultText(setting: Setting): string {
  const { default: value } = setting;
  if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) return '';
  return ` (default ${String(value as string | number)})`;
}
