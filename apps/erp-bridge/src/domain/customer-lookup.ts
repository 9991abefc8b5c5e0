/** Whom an ERP is asked for; empty texts are not given. */
export interface CustomerLookup {
  /** E.164. */
  phone: string;
  email: string;
  /** The id other systems know the customer by, the CRM's above all. */
  ref: string;
}
