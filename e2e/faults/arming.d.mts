/** What is to happen at a place; see kill-at.mjs. */
export interface Plan {
  action: 'kill' | 'delay' | 'fail';
  after?: number;
  times?: number;
  every?: number;
  ms?: number;
  error?: { code?: string; reason?: string; retryable?: boolean };
  id?: string;
}

/** One strike. */
export interface Strike {
  id?: string;
  app: string;
  place: string;
  action: Plan['action'];
  pid: number;
  at: number;
}

export function placesOn(bus: 'embedded' | 'kafka'): { app: string; place: string }[];
export function appOf(place: string): string;
export function arm(dir: string, app: string, place: string, plan: Plan): void;
export function disarm(dir: string, app: string, place: string): boolean;
export function fired(dir: string): Strike[];
export function seen(dir: string): Record<string, Record<string, number>>;
