/** What is done to the connections of one part. */
export class Tap {
  readonly connections: number;
  slow(delayMs: number): void;
  cut(): number;
  refuse(refusing: boolean): number;
}

/** A proxy that passes, slows, cuts or refuses connections. */
export class TcpProxy {
  static start(
    target: () => number | Promise<number>,
    options?: { taps?: Tap[]; tapOf?: (firstBytes: Buffer) => Tap },
  ): Promise<TcpProxy>;
  readonly port: number;
  readonly tap: Tap;
  stop(): Promise<void>;
}
