import { createReadStream } from 'node:fs';
import {
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  writeFile,
  type FileHandle,
} from 'node:fs/promises';
import { join } from 'node:path';
import { StatusError } from '@krateyard/status/status-error';
import type { Clock } from '@krateyard/telemetry/clock';
import type { Logger } from '@krateyard/telemetry/logger';
import { castDuration, readCast } from './cast.ts';
import { nameOfRecorded, type RecordingSummary } from './recording-summary.ts';
import type { RecordingSink, RecordingStore } from './recording-store.ts';

export interface FolderStoreOptions {
  readonly dir: string;
  /** All recordings together: the oldest finished ones go first. */
  readonly totalBytes: number;
  readonly maxAgeMs: number;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

/** Nobody but the gateway's own user reads them. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const ID = /^[\w-]{1,64}$/;

/**
 * Recordings as two files each: `ID.cast`, only ever appended to, so that what was written before a crash can be played; and
 * `ID.json`, what is known of it. One gateway owns the folder.
 */
export class FolderRecordingStore implements RecordingStore {
  readonly #options: FolderStoreOptions;
  #known: Promise<Map<string, RecordingSummary>> | undefined;

  constructor(options: FolderStoreOptions) {
    this.#options = options;
  }

  async create(summary: RecordingSummary): Promise<RecordingSink> {
    try {
      const known = await this.#load();
      await this.sweep();
      await this.#describe(summary);
      const file = await open(this.#path(summary.id, 'cast'), 'ax', FILE_MODE);
      known.set(summary.id, summary);
      return new FileSink(file, (next) => this.#describe(next));
    } catch (error) {
      throw new StatusError(
        'ServiceUnavailable',
        'It cannot be recorded: the recordings cannot be written.',
        {
          cause: error,
        },
      );
    }
  }

  async list(): Promise<readonly RecordingSummary[]> {
    const known = await this.#load();
    return [...known.values()].toSorted((a, b) => b.startedAt.localeCompare(a.startedAt));
  }

  async find(id: string): Promise<RecordingSummary | undefined> {
    return (await this.#load()).get(id);
  }

  read(id: string, from: number, to: number): AsyncIterable<Uint8Array> {
    return createReadStream(this.#path(id, 'cast'), { start: from, end: to });
  }

  async size(id: string): Promise<number> {
    return (await stat(this.#path(id, 'cast'))).size;
  }

  async remove(id: string): Promise<void> {
    (await this.#load()).delete(id);
    // The description last: what has one is found again, and removed again.
    await rm(this.#path(id, 'cast'), { force: true });
    await rm(this.#path(id, 'json'), { force: true });
  }

  async sweep(): Promise<void> {
    const { totalBytes, maxAgeMs, clock } = this.#options;
    const finished = (await this.list()).filter(({ endedAt }) => endedAt !== undefined);
    const oldest = clock.now() - maxAgeMs;
    let total = 0;
    for (const { id, bytes, endedAt = '' } of finished) {
      total += bytes;
      if (total > totalBytes || Date.parse(endedAt) < oldest) await this.remove(id);
    }
  }

  #load(): Promise<Map<string, RecordingSummary>> {
    this.#known ??= this.#readFolder().catch((error: unknown) => {
      this.#known = undefined;
      throw error;
    });
    return this.#known;
  }

  async #readFolder(): Promise<Map<string, RecordingSummary>> {
    const { dir, logger } = this.#options;
    await mkdir(dir, { recursive: true, mode: FOLDER_MODE });
    const found = new Map<string, RecordingSummary>();
    for (const name of await readdir(dir)) {
      if (!name.endsWith('.json')) continue;
      const id = name.slice(0, -'.json'.length);
      try {
        found.set(id, await this.#mended(await this.#readSummary(id)));
      } catch (error) {
        logger.warn('A recording cannot be read; it is left out.', { name: id, err: error });
      }
    }
    return found;
  }

  async #readSummary(id: string): Promise<RecordingSummary> {
    const summary = JSON.parse(await readFile(this.#path(id, 'json'), 'utf8')) as RecordingSummary;
    if (summary.id !== id || typeof summary.namespace !== 'string' || nameOfRecorded(summary) === '') {
      throw new Error('its description makes no sense');
    }
    return summary;
  }

  /** One that was being made when the gateway ended is finished as far as it came. */
  async #mended(summary: RecordingSummary): Promise<RecordingSummary> {
    if (summary.endedAt !== undefined) return summary;
    const path = this.#path(summary.id, 'cast');
    const { size, mtime } = await stat(path);
    const seconds = castDuration(readCast(await readFile(path, 'utf8'))) / 1000;
    const mended = { ...summary, bytes: size, seconds, endedAt: mtime.toISOString() };
    await this.#write(mended);
    return mended;
  }

  async #describe(summary: RecordingSummary): Promise<void> {
    await this.#write(summary);
    const known = await this.#load();
    if (known.has(summary.id)) known.set(summary.id, summary);
  }

  /** Whole or not at all: written beside, then renamed. */
  async #write(summary: RecordingSummary): Promise<void> {
    const path = this.#path(summary.id, 'json');
    await writeFile(`${path}.part`, JSON.stringify(summary), { mode: FILE_MODE });
    await rename(`${path}.part`, path);
  }

  #path(id: string, kind: 'cast' | 'json'): string {
    if (!ID.test(id)) throw new StatusError('NotFound', 'There is no such recording.');
    return join(this.#options.dir, `${id}.${kind}`);
  }
}

class FileSink implements RecordingSink {
  readonly #file: FileHandle;
  readonly #tell: (summary: RecordingSummary) => Promise<void>;

  constructor(file: FileHandle, tell: (summary: RecordingSummary) => Promise<void>) {
    this.#file = file;
    this.#tell = tell;
  }

  async append(text: string): Promise<void> {
    await this.#file.appendFile(text);
  }

  async describe(summary: RecordingSummary): Promise<void> {
    await this.#tell(summary);
  }

  async finish(summary: RecordingSummary): Promise<void> {
    await this.#file.close();
    await this.#tell(summary);
  }
}
