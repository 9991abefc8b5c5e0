// The page with made-up conversations, without a database or any other service. Build first; then
// `node apps/desk/test/preview.mjs [port]` and sign in as agent@example.com with parley-demo.
import 'reflect-metadata';
import { loadConfig } from '@parley/config';
import { createLogger } from '@parley/telemetry';
import { serveDesk } from '../dist/app.module.js';
import { configSchema } from '../dist/config.js';
import { InMemoryConversations } from '../dist/outbound/in-memory/in-memory-conversations.js';
import {
  InMemoryAccounts,
  InMemoryAttempts,
  InMemoryPasswords,
  InMemorySessions,
} from '../dist/outbound/in-memory/in-memory-people.js';
import { SystemClock } from '../dist/outbound/system/system-clock.js';
import { EnsureFirstAccount } from '../dist/usecases/ensure-first-account.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const clock = new SystemClock();
const conversations = new InMemoryConversations(clock);
const sessions = new InMemorySessions();
const accounts = new InMemoryAccounts(sessions);
const ports = {
  accounts,
  sessions,
  attempts: new InMemoryAttempts(),
  passwords: new InMemoryPasswords(),
  conversations,
  clock,
};

let lineCount = 0;
function line(author, text, minutesAgo, more = {}) {
  const status = author === 'customer' ? '' : 'read';
  const at = new Date(Date.now() - minutesAgo * MINUTE);
  lineCount += 1;
  const defaults = { id: `line-${lineCount}`, agentId: '', status, failureReason: '', choices: [] };
  return { ...defaults, author, text, at, ...more };
}

function put(id, name, phone, more, lines) {
  const last = lines.at(-1);
  const defaults = {
    customerId: '',
    state: 'bot',
    agentId: '',
    team: '',
    handoffReason: '',
    language: 'en',
    intent: '',
    windowUntil: new Date(Date.now() + 23 * HOUR),
    unread: 0,
  };
  const conversation = { ...defaults, id, name, phone, updatedAt: last.at, lastText: last.text, ...more };
  conversations.put(conversation, lines);
}

put('c-maya', 'Maya Patel', '+12125550101', { customerId: 'cus-maya', intent: 'track_order' }, [
  line('customer', 'Hi there', 26 * 60),
  line('bot', 'Hello Maya! I can track an order, tell you a delivery date or cancel an order.', 26 * 60, {
    choices: ['Track an order', 'My orders', 'Talk to a person'],
  }),
  line('customer', 'Track order 1234', 4),
  line('bot', 'Your order 1234 will arrive today by 4 PM.', 4, { status: 'delivered' }),
]);
const diego = { customerId: 'cus-diego', intent: 'talk_to_human', language: 'es', state: 'queued', unread: 2 };
put('c-diego', 'Diego Fernández', '+34600100102', { ...diego, team: 'orders', handoffReason: 'requested' }, [
  line('customer', '¿Dónde está mi pedido 1236?', 14),
  line('bot', 'Tu pedido 1236 llegará mañana antes de las 18:00.', 14),
  line('customer', 'Eso mismo me dijeron ayer.\nQuiero hablar con una persona, por favor.', 9),
  line('bot', 'Claro. Paso la conversación a una persona de nuestro equipo. Te responderá aquí mismo.', 9, {
    status: 'delivered',
  }),
  line('customer', 'Gracias', 2),
  line('customer', '¿Cuánto tardará?', 1),
]);
const layla = {
  customerId: 'cus-layla',
  intent: 'delivery_date',
  language: 'ar',
  state: 'human',
  agentId: 'agent-noor',
};
put('c-layla', 'ليلى حسن', '+971500100107', { ...layla, team: 'delivery', handoffReason: 'misunderstood' }, [
  line('customer', 'متى يصل طلبي 1241؟', 65),
  line('bot', 'سيصل طلبك 1241 غدًا قبل الساعة 6 مساءً.', 65),
  line('customer', 'أحتاجه اليوم', 61),
  line('agent', 'مرحبًا ليلى، سأتحقق مع شركة الشحن الآن.', 50, { agentId: 'agent-noor' }),
]);
const tom = { customerId: 'cus-tom', intent: 'cancel_order', state: 'queued', unread: 1, team: 'returns' };
put(
  'c-tom',
  'Tom Becker',
  '+12125550109',
  { ...tom, handoffReason: 'erp-unavailable', windowUntil: new Date(Date.now() + 38 * MINUTE) },
  [
    line('customer', 'cancel order 1250', 31),
    line('bot', 'Cancel order 1250? It has not been shipped yet.', 31, { choices: ['Yes, cancel it', 'No, keep it'] }),
    line('customer', 'Yes, cancel it', 30),
    line('bot', 'I cannot reach our order system right now. A person will take care of it.', 30, {
      status: 'failed',
      failureReason: 'GRAPH.131026',
    }),
  ],
);
put(
  'c-camille',
  'Camille Laurent-Desrosiers de la Fontaine',
  '+33600100104',
  { language: 'fr', intent: 'thanks', windowUntil: new Date(Date.now() - HOUR) },
  [
    line('customer', 'Où est ma commande ?', 25 * 60),
    line('bot', 'Votre commande 1238 a été livrée hier à 14 h 12.', 25 * 60, { status: 'sent' }),
    line('customer', 'Merci !', 25 * 60),
  ],
);
put('c-nobody', '+447700900999', '+447700900999', { intent: 'fallback', unread: 3 }, [
  line('customer', 'hello?', 3 * 24 * 60),
]);

const port = process.argv[2] ?? '8081';
const config = loadConfig(configSchema, { DESK_PORT: port, DATABASE_URL: 'postgres://nobody@127.0.0.1/none' });
await new EnsureFirstAccount(ports.accounts, ports.passwords).run(config.DESK_ADMIN_EMAIL, config.DESK_ADMIN_PASSWORD);
accounts.add({ id: 'agent-noor', name: 'Noor Haddad', email: 'noor@example.com', passwordHash: '' });
const desk = await serveDesk(ports, config, { log: createLogger('desk') });
console.log(`The desk is at ${desk.url}`);
