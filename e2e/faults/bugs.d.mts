import type { Plan } from './arming.d.mts';

/** A replacement in the built form of a source file. */
export interface Edit {
  file: string;
  find: string;
  replace: string;
}

/** A seeded bug, and what makes it seen. */
export interface Bug {
  title: string;
  shows: { workload: string; fault: (Plan & { app: string; place: string }) | undefined; verdict: string };
  edits: Edit[];
}

export const bugs: Record<string, Bug>;
export function editsOf(name: string): Map<string, Edit[]>;
export function builtFile(source: string): string;
export function applied(edits: Edit[], text: string): string;
export function bugEnvironment(name: string): Record<string, string>;
export function faultsEnvironment(options: { dir: string; bug?: string }): Record<string, string>;
