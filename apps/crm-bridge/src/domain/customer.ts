/** An amount of money; the amount is a decimal string, because binary fractions cannot hold cents. */
export interface Money {
  amount: string;
  currency: string;
}

export interface Note {
  at: Date;
  text: string;
}

/** A customer as the CRM has it; empty texts mean that nothing is known. */
export interface Customer {
  id: string;
  name: string;
  phone: string;
  whatsappUserId: string;
  email: string;
  language: string;
  timeZone: string;
  tier: string;
  tags: string[];
  notes: Note[];
  lifetimeValue?: Money;
  /** What the consent ledger says about marketing on WhatsApp; absent when it says nothing. */
  whatsappMarketing?: boolean;
}

/** What a customer is told by the business's side; consent is the ledger's and comes by itself. */
export type CustomerData = Omit<Customer, 'whatsappMarketing'>;

/** Who is written with: `phone` in any way of writing, `whatsappUserId` the BSUID; either may be empty. */
export interface Contact {
  phone: string;
  whatsappUserId: string;
}

export interface CustomerValue {
  ordersCount: number;
  total?: Money;
  lastOrderAt?: Date;
  source: string;
}

/** `patch` over `before`: what the patch leaves empty stays. */
export function patched(before: CustomerData, patch: CustomerData): CustomerData {
  const given = Object.entries(patch).filter(([, value]) => {
    if (value === undefined || value === '') return false;
    return !(Array.isArray(value) && value.length === 0);
  });
  return { ...before, ...Object.fromEntries(given), id: before.id };
}

/** The customer in a few lines, for a person who has never heard of them. */
export function profileOf(customer: Customer | undefined, contact: Contact & { profileName: string }): string {
  const lines: [label: string, value: string][] = customer
    ? [
        ['Name', customer.name],
        ['Phone', customer.phone || contact.phone],
        ['E-mail', customer.email],
        ['Language', customer.language],
        ['Time zone', customer.timeZone],
        ['Tier', customer.tier],
        ['Tags', customer.tags.join(', ')],
        ['Lifetime value', customer.lifetimeValue ? Object.values(customer.lifetimeValue).join(' ') : ''],
        ['Last note', customer.notes.at(-1)?.text ?? ''],
      ]
    : [
        ['Customer', 'not known to the CRM'],
        ['WhatsApp name', contact.profileName],
        ['Phone', contact.phone || 'hidden'],
      ];
  return lines.flatMap(([label, value]) => (value === '' ? [] : [`${label}: ${value}`])).join('\n');
}
