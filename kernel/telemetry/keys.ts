/** Every attribute key that may stand in a log line. A key that is not here is a compile error at the call. */
export interface LogFields {
  readonly addr?: string;
  readonly attempt?: number;
  readonly bytes?: number;
  readonly closeCode?: number;
  readonly cluster?: string;
  readonly code?: number;
  readonly count?: number;
  readonly delayMs?: number;
  readonly durationMs?: number;
  readonly err?: unknown;
  readonly feature?: string;
  readonly file?: string;
  readonly groups?: readonly string[];
  readonly gvr?: string;
  readonly lagMs?: number;
  readonly limit?: string;
  readonly method?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly part?: string;
  readonly path?: string;
  readonly pid?: number;
  readonly port?: number;
  readonly reason?: string;
  readonly requestId?: string;
  readonly resourceVersion?: string;
  readonly session?: string;
  readonly signal?: string;
  readonly state?: string;
  readonly subscription?: string;
  readonly topic?: string;
  readonly url?: string;
  readonly user?: string;
  readonly verb?: string;
  readonly version?: string;
}
