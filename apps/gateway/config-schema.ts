import { Type, type Static } from 'typebox';
import type { LogLevel } from '@krateyard/telemetry/logger';

const port = { minimum: 0, maximum: 65_535 };
const positive = { minimum: 1 };

/**
 * Every setting of the gateway, once: type, bounds, default, where it comes from and what it is for. `flag` stands for
 * `--flag`; of several variables the first that is set counts; a flag wins over variables. `secret` values are never shown.
 */
export const ConfigSchema = Type.Object(
  {
    port: Type.Integer({
      ...port,
      default: 8080,
      flag: 'port',
      env: ['PORT'],
      description: 'Port to listen on; 0 takes a free one.',
    }),
    host: Type.String({
      minLength: 1,
      default: '127.0.0.1',
      flag: 'host',
      env: ['HOST'],
      description: 'Address to bind.',
    }),
    kubeconfig: Type.Optional(
      Type.String({
        minLength: 1,
        flag: 'kubeconfig',
        env: ['KUBECONFIG'],
        description: 'Show this real cluster instead of the embedded one.',
      }),
    ),
    context: Type.Optional(
      Type.String({
        minLength: 1,
        flag: 'context',
        env: [],
        description: "The kubeconfig's context; its current one by default.",
      }),
    ),
    namespace: Type.Optional(
      Type.String({
        pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$',
        flag: 'namespace',
        env: ['NAMESPACE'],
        description: 'Namespace that the console opens with.',
      }),
    ),
    namespaces: Type.Array(Type.String({ pattern: '^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$' }), {
      default: [],
      flag: 'namespaces',
      env: ['KRATEYARD_NAMESPACES'],
      description:
        'Namespaces to look into where those of the cluster may not be listed, separated by commas.',
    }),
    writeKubeconfig: Type.Optional(
      Type.String({
        minLength: 1,
        flag: 'write-kubeconfig',
        env: [],
        description: 'Embedded cluster: write a kubeconfig for kubectl to this file.',
      }),
    ),
    scene: Type.String({
      pattern: '^(none|demo|pods=[1-9][0-9]{0,5})$',
      default: 'demo',
      flag: 'scene',
      env: ['KRATEYARD_SCENE'],
      description: 'Embedded cluster: none, demo or pods=N.',
    }),
    sandboxPort: Type.Integer({
      ...port,
      default: 0,
      flag: 'sandbox-port',
      env: [],
      description: 'Embedded cluster: port of its API server.',
    }),
    stateDir: Type.Optional(
      Type.String({
        minLength: 1,
        flag: 'state-dir',
        env: ['KRATEYARD_STATE_DIR'],
        description:
          'Folder for the session key and recordings; by default below $XDG_STATE_HOME or ~/.local/state.',
      }),
    ),
    sessionKey: Type.Optional(
      Type.String({
        minLength: 32,
        secret: true,
        env: ['KRATEYARD_SESSION_KEY'],
        description: 'Secret that seals session cookies; the same for all replicas.',
      }),
    ),
    sessionIdleMinutes: Type.Integer({
      ...positive,
      maximum: 100_000,
      default: 480,
      flag: 'session-idle-minutes',
      env: [],
      description: 'A session without requests ends after this.',
    }),
    sessionMaxMinutes: Type.Integer({
      ...positive,
      maximum: 100_000,
      default: 1440,
      flag: 'session-max-minutes',
      env: [],
      description: 'Every session ends after this.',
    }),
    allowedOrigins: Type.Array(Type.String({ pattern: '^https?://[^/]+$' }), {
      default: [],
      flag: 'allowed-origins',
      env: ['KRATEYARD_ALLOWED_ORIGINS'],
      description: 'Further origins of the console, separated by commas.',
    }),
    trustProxy: Type.Boolean({
      default: false,
      flag: 'trust-proxy',
      env: ['KRATEYARD_TRUST_PROXY'],
      description: 'Believe X-Forwarded-Host and X-Forwarded-Proto.',
    }),
    consoleDir: Type.Optional(
      Type.String({
        minLength: 1,
        flag: 'console-dir',
        env: ['KRATEYARD_CONSOLE_DIR'],
        description: "The console's built files.",
      }),
    ),
    logLevel: Type.Unsafe<LogLevel>({
      type: 'string',
      enum: ['debug', 'info', 'warn', 'error', 'silent'],
      default: 'info',
      flag: 'log-level',
      env: ['LOG_LEVEL'],
      description: 'debug, info, warn, error or silent; the log goes to standard error.',
    }),
    drainSeconds: Type.Integer({
      minimum: 0,
      maximum: 600,
      default: 10,
      flag: 'drain-seconds',
      env: [],
      description: 'Time that SIGTERM leaves for requests and sockets to end.',
    }),
    maxSockets: Type.Integer({
      ...positive,
      maximum: 1_000_000,
      default: 10_000,
      flag: 'max-sockets',
      env: [],
      description: 'Open sockets, all together.',
    }),
    maxSocketsPerUser: Type.Integer({
      ...positive,
      maximum: 1_000_000,
      default: 64,
      flag: 'max-sockets-per-user',
      env: [],
      description: 'Open sockets of one person.',
    }),
    maxShells: Type.Integer({
      ...positive,
      maximum: 100_000,
      default: 1_000,
      flag: 'max-shells',
      env: [],
      description: 'Shell sessions, all together; held ones count.',
    }),
    maxShellsPerUser: Type.Integer({
      ...positive,
      maximum: 100_000,
      default: 32,
      flag: 'max-shells-per-user',
      env: [],
      description: 'Shell sessions of one person.',
    }),
    maxShellsPerUserAndNamespace: Type.Integer({
      ...positive,
      maximum: 100_000,
      default: 16,
      flag: 'max-shells-per-user-and-namespace',
      env: [],
      description: 'Shell sessions of one person in one namespace.',
    }),
    shellHoldSeconds: Type.Integer({
      minimum: 0,
      maximum: 3_600,
      default: 30,
      flag: 'shell-hold-seconds',
      env: [],
      description: 'How long a shell is held for somebody who was cut off.',
    }),
    shellScrollbackBytes: Type.Integer({
      minimum: 64 << 10,
      maximum: 256 << 20,
      default: 1 << 20,
      flag: 'shell-scrollback-bytes',
      env: [],
      description: 'Output that each shell keeps for who comes back or joins.',
    }),
    maxScreens: Type.Integer({
      ...positive,
      maximum: 10_000,
      default: 200,
      flag: 'max-screens',
      env: [],
      description: 'Screens of machines that are open, all together; a shared one counts once.',
    }),
    maxScreensPerUser: Type.Integer({
      ...positive,
      maximum: 10_000,
      default: 32,
      flag: 'max-screens-per-user',
      env: [],
      description: 'Screens that one person has opened; joining one counts for who opened it.',
    }),
    screenIdleSeconds: Type.Integer({
      ...positive,
      maximum: 3_600,
      default: 60,
      flag: 'screen-idle-seconds',
      env: [],
      description: 'So long without input, and others may take control of a screen.',
    }),
    maxLogs: Type.Integer({
      ...positive,
      maximum: 100_000,
      default: 1_000,
      flag: 'max-logs',
      env: [],
      description: 'Log sockets and downloads, all together.',
    }),
    maxLogsPerUser: Type.Integer({
      ...positive,
      maximum: 100_000,
      default: 48,
      flag: 'max-logs-per-user',
      env: [],
      description: 'Log sockets and downloads of one person.',
    }),
    maxLogsPerUserAndNamespace: Type.Integer({
      ...positive,
      maximum: 100_000,
      default: 32,
      flag: 'max-logs-per-user-and-namespace',
      env: [],
      description: 'Log sockets and downloads of one person in one namespace.',
    }),
    recordingsDir: Type.Optional(
      Type.String({
        minLength: 1,
        flag: 'recordings-dir',
        env: ['KRATEYARD_RECORDINGS_DIR'],
        description:
          'Folder for recordings of shells and serial consoles; by default recordings in the state folder.',
      }),
    ),
    recordingMaxBytes: Type.Integer({
      minimum: 64 << 10,
      maximum: 2 ** 32,
      default: 64 << 20,
      flag: 'recording-max-bytes',
      env: [],
      description: 'Longest recording of one shell or console.',
    }),
    recordingsMaxBytes: Type.Integer({
      minimum: 1 << 20,
      maximum: 2 ** 42,
      default: 2 ** 31,
      flag: 'recordings-max-bytes',
      env: [],
      description: 'All recordings together; the oldest go first.',
    }),
    recordingMaxAgeDays: Type.Integer({
      ...positive,
      maximum: 36_500,
      default: 90,
      flag: 'recording-max-age-days',
      env: [],
      description: 'Recordings are removed after this.',
    }),
    recordNamespaces: Type.Array(Type.String({ pattern: '^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?|\\*)$' }), {
      default: [],
      flag: 'record-namespaces',
      env: ['KRATEYARD_RECORD_NAMESPACES'],
      description:
        'Namespaces in which every shell and serial console is recorded, separated by commas; * for all.',
    }),
    consoleUnattendedMinutes: Type.Integer({
      minimum: 0,
      maximum: 7 * 24 * 60,
      default: 60,
      flag: 'console-unattended-minutes',
      env: [],
      description: 'How long a serial console that is recorded stays connected when everybody has left.',
    }),
    maxRequestsPerUser: Type.Integer({
      ...positive,
      maximum: 1_000_000,
      default: 128,
      flag: 'max-requests-per-user',
      env: [],
      description: 'API requests of one person in flight at once.',
    }),
    maxBodyBytes: Type.Integer({
      minimum: 1024,
      maximum: 64 << 20,
      default: 3 << 20,
      flag: 'max-body-bytes',
      env: [],
      description: 'Largest request body.',
    }),
    cacheBytes: Type.Integer({
      minimum: 1 << 20,
      maximum: 2 ** 40,
      default: 512 << 20,
      flag: 'cache-bytes',
      env: ['KRATEYARD_CACHE_BYTES'],
      description: 'Memory that cached objects may take.',
    }),
  },
  { additionalProperties: false },
);

export type Config = Readonly<Static<typeof ConfigSchema>>;

/** What the schema's properties carry beside JSON Schema. */
export interface Setting {
  readonly type?: string;
  readonly default?: unknown;
  readonly flag?: string;
  readonly env: readonly string[];
  readonly secret?: boolean;
  readonly description: string;
}

export const SETTINGS: ReadonlyMap<string, Setting> = new Map(
  Object.entries(ConfigSchema.properties as unknown as Record<string, Setting>),
);
