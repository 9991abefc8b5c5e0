import type { Contact } from './customer.js';

/** Something that happened with a customer and is no message: a call, a visit, a note of a flow. */
export interface Activity {
  /** A stable word, for example `call`. */
  kind: string;
  body: string;
  at: Date;
}

/** An activity to write down; the same key writes it once. */
export interface NewActivity extends Activity {
  contact: Contact;
  dedupeKey: string;
}
