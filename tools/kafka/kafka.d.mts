/** A running broker. */
export interface RunningKafka {
  /** host:port */
  readonly broker: string;
  readonly pid: number;
  /** Ends it in order. */
  stop(): Promise<void>;
  /** Ends it as a crash does. */
  kill(): Promise<void>;
}

/** Starts a broker on 127.0.0.1, on a free port and in a temporary folder when none is given; resolves when it serves. */
export function startKafka(options?: { port?: number; dataDir?: string }): Promise<RunningKafka>;
