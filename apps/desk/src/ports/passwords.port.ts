/** Turns passwords into what may be stored, and compares. */
export abstract class Passwords {
  /** A salted hash with its parameters in it; never the same twice. */
  abstract hash(password: string): Promise<string>;

  /**
   * Whether the password belongs to the hash, in constant time. With no hash the work is done all the same and the answer
   * is no, so that the time taken does not say whether an account exists.
   */
  abstract verify(password: string, hash: string | undefined): Promise<boolean>;
}
