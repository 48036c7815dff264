/** What the two child processes of the fan-out benchmark are told and tell, by IPC. */
export const MODES = ['raw', 'ours', 'naive'] as const;
/** raw: the same pre-framed bytes written to every socket; ours: through the hub; naive: ws.send(JSON.stringify()) to each. */
export type Mode = (typeof MODES)[number];

export const CLIENTS = 1000;
/** JSON of one update. */
export const UPDATE_BYTES = 1024;
/** Updates between two acknowledgements: 20 KB a socket, which the system's buffers hold. */
export const ROUND = 20;

export type ToServer =
  | { readonly do: 'measure'; readonly mode: Mode; readonly rounds: number }
  | { readonly do: 'storm'; readonly changesPerSecond: number; readonly seconds: number }
  | { readonly do: 'received'; readonly bytes: number }
  | { readonly do: 'stop' };

export type FromServer =
  | { readonly is: 'listening'; readonly port: number }
  | {
      readonly is: 'measured';
      readonly mode: Mode;
      readonly wallMs: number;
      readonly cpuMs: number;
      readonly updates: number;
    }
  | {
      readonly is: 'stormed';
      /** Until all clients had got all there was for them, `behindMs` after the last change. */
      readonly wallMs: number;
      readonly cpuMs: number;
      readonly deliveries: number;
      readonly behindMs: number;
    };

export type ToClients = { readonly do: 'connect'; readonly port: number } | { readonly do: 'stop' };
export type FromClients = { readonly is: 'connected' } | { readonly is: 'received'; readonly bytes: number };
