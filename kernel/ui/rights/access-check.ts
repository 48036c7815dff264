/** What the API server must allow; asked beforehand, so that what may not be done is disabled with the reason. */
export interface NeededRight {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
}

/** One question of `POST /api/access`: what the API server's SubjectAccessReview asks, about this person. */
export interface AccessCheck {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** In the order of the checks. `reason` says why not; '' where it is allowed. */
export interface AccessAnswers {
  readonly answers: readonly { readonly allowed: boolean; readonly reason: string }[];
}
