/** Says everything that is wrong with a configuration, without its values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(what: string, problems: readonly string[]) {
    super(`The ${what} cannot be used:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/** Collects problems while reading goes on, so that all are told at once. */
export class ConfigProblems {
  readonly #what: string;
  readonly #problems: string[] = [];

  constructor(what: string) {
    this.#what = what;
  }

  get isEmpty(): boolean {
    return this.#problems.length === 0;
  }

  add(at: string, problem: string): void {
    this.#problems.push(`${at} ${problem}`);
  }

  error(): ConfigError {
    return new ConfigError(this.#what, this.#problems);
  }

  throwIfAny(): void {
    if (!this.isEmpty) throw this.error();
  }
}

export function asRecord(value: unknown, at: string, problems: ConfigProblems): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  problems.add(at, 'must be a mapping');
  return {};
}

export function asArray(value: unknown, at: string, problems: ConfigProblems): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  problems.add(at, 'must be a list');
  return [];
}

/** Text, or undefined where it is absent or empty. */
export function asText(value: unknown, at: string, problems: ConfigProblems): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  if (typeof value === 'number') return String(value);
  problems.add(at, 'must be text');
  return undefined;
}

export function asBoolean(value: unknown, at: string, problems: ConfigProblems): boolean {
  if (value === undefined || value === null) return false;
  if (typeof value === 'boolean') return value;
  problems.add(at, 'must be true or false');
  return false;
}
