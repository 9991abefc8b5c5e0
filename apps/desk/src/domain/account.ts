/** An agent who may sign in. The e-mail address is an employee's, lower-cased, and stored as it is. */
export interface Account {
  id: string;
  name: string;
  email: string;
}

/** NIST SP 800-63B: length is what counts, and a limit keeps hashing from becoming a way to keep the server busy. */
export const PASSWORD_LENGTH = { least: 12, most: 256 };

/** One account however somebody types its address. */
export function normaliseEmail(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase();
}

/** What is wrong with a new password, for the person who chose it; undefined when nothing is. */
export function passwordProblem(password: string, email: string): string | undefined {
  const length = [...password].length;
  if (length < PASSWORD_LENGTH.least) return `Use at least ${PASSWORD_LENGTH.least} characters.`;
  if (length > PASSWORD_LENGTH.most) return `Use at most ${PASSWORD_LENGTH.most} characters.`;
  if (password.toLowerCase().includes(email)) return 'Do not use your e-mail address.';
  return undefined;
}

/** A name to begin with, from the address: `maya.lopez@…` becomes "Maya Lopez". */
export function nameFromEmail(email: string): string {
  const words = (email.split('@')[0] ?? '').split(/[._+-]+/).filter(Boolean);
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(' ') || 'Agent';
}
