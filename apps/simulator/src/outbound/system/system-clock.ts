import { Clock } from '../../ports/clock.port.js';

export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }

  override after(ms: number, work: () => void): () => void {
    const timer = setTimeout(work, ms);
    // What is still to be reported does not keep a stopping process alive.
    timer.unref();
    return () => clearTimeout(timer);
  }
}
