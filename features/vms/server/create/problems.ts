import { StatusError, type StatusCause } from '@krateyard/status/status-error';

export type ProblemReason =
  | 'FieldValueRequired'
  | 'FieldValueInvalid'
  | 'FieldValueNotFound'
  | 'FieldValueDuplicate'
  | 'FieldValueForbidden';

/** What is wrong with a request, all of it, by field: `disks.0.size`. Never holds a secret value. */
export class Problems {
  readonly #causes: StatusCause[] = [];

  add(field: string, message: string, reason: ProblemReason = 'FieldValueInvalid'): void {
    this.#causes.push({ field, message, reason });
  }

  /** True where nothing was wrong before and now is not either: for checks that need sane values. */
  get none(): boolean {
    return this.#causes.length === 0;
  }

  /** Throws Invalid with every cause. */
  throwIfAny(): void {
    if (this.none) return;
    const words = this.#causes.map(({ field, message }) => `${field}: ${message}`).join('; ');
    throw new StatusError('Invalid', `The machine cannot be made so: ${words}`, {
      details: { kind: 'virtualmachines', group: 'kubevirt.io', causes: this.#causes },
    });
  }
}
