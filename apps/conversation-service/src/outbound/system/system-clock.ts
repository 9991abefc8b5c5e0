import { Clock } from '../../ports/clock.port.js';

/** The computer's own clock. */
export class SystemClock extends Clock {
  override now(): Date {
    return new Date();
  }
}
