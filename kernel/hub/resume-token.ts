/** Where a follower stands: `epoch.topic.offset`. Opaque to clients. */
export interface ResumePoint {
  readonly epoch: string;
  readonly topic: string;
  readonly offset: number;
}

export function formatResume({ epoch, topic, offset }: ResumePoint): string {
  return `${epoch}.${topic}.${offset}`;
}

/** undefined for what is no token of ours. */
export function parseResume(token: string): ResumePoint | undefined {
  const match = /^([\w-]{1,64})\.([\w-]{1,64})\.(\d{1,15})$/.exec(token);
  return match ? { epoch: match[1]!, topic: match[2]!, offset: Number(match[3]) } : undefined;
}
