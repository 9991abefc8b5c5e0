import { userIdOf } from './identifiers.js';

/** A person with WhatsApp on their phone. */
export interface Customer {
  /** E.164 with `+`. */
  phone: string;
  /** The digits of the phone; also the key under which the simulator knows them. */
  waId: string;
  name: string;
  userId: string;
  language: string;
  username?: string;
  /** Has a username and hides the number: webhooks carry the user id only. */
  hidePhone: boolean;
  /** False: sends fail with 131026. */
  onWhatsapp: boolean;
}

export interface NewCustomer {
  phone: string;
  name?: string;
  userId?: string;
  language?: string;
  username?: string;
  hidePhone?: boolean;
  onWhatsapp?: boolean;
}

// Name, phone, language: the people of the demonstration data.
const DEMO: readonly (readonly [string, string, string])[] = [
  ['Maya Patel', '+12125550101', 'en'],
  ['Diego Fernández', '+34600100102', 'es'],
  ['Ana Souza', '+5511990100103', 'pt-BR'],
  ['Camille Laurent', '+33600100104', 'fr'],
  ['Lukas Weber', '+491700100105', 'de'],
  ['Layla Haddad', '+971500100106', 'ar'],
  ['Rohan Sharma', '+919800100107', 'hi'],
  ['Putri Wijaya', '+6281200100108', 'id'],
  ['Tom Becker', '+12125550109', 'en'],
  ['Sofia Rossi', '+393330100110', 'en'],
  ['Omar Said', '+201000100111', 'ar'],
  ['Chloe Martin', '+447700900112', 'en'],
];

// People met only as recipients of sends; the oldest make room, so that a campaign to a million numbers fits.
const MAX_CUSTOMERS = 20_000;

export function digitsOf(phone: string): string {
  return phone.replace(/\D/g, '');
}

/** Everybody the simulator knows, by the digits of their phone. */
export class Customers {
  private readonly byWaId = new Map<string, Customer>();
  private readonly byUserId = new Map<string, Customer>();

  constructor() {
    this.reset();
  }

  reset(): void {
    this.byWaId.clear();
    this.byUserId.clear();
    for (const [name, phone, language] of DEMO) this.put({ name, phone, language });
  }

  /** Adds a person or changes what is given about a known one. */
  put(input: NewCustomer): Customer {
    const waId = digitsOf(input.phone);
    const known = this.byWaId.get(waId);
    const customer: Customer = {
      phone: `+${waId}`,
      waId,
      name: input.name ?? known?.name ?? `+${waId}`,
      userId: input.userId ?? known?.userId ?? userIdOf(waId),
      language: input.language ?? known?.language ?? 'en',
      username: input.username ?? known?.username,
      hidePhone: input.hidePhone ?? known?.hidePhone ?? false,
      onWhatsapp: input.onWhatsapp ?? known?.onWhatsapp ?? true,
    };
    if (!known && this.byWaId.size >= MAX_CUSTOMERS) this.forgetOldest();
    if (known) this.byUserId.delete(known.userId);
    this.byWaId.set(waId, customer);
    this.byUserId.set(customer.userId, customer);
    return customer;
  }

  byPhone(phone: string): Customer | undefined {
    return this.byWaId.get(digitsOf(phone));
  }

  byUser(userId: string): Customer | undefined {
    return this.byUserId.get(userId);
  }

  list(): Customer[] {
    return [...this.byWaId.values()];
  }

  private forgetOldest(): void {
    const oldest = [...this.byWaId.values()].find(({ phone }) => !DEMO.some(([, demo]) => demo === phone));
    if (!oldest) return;
    this.byWaId.delete(oldest.waId);
    this.byUserId.delete(oldest.userId);
  }
}
