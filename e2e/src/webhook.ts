import { createHmac } from 'node:crypto';

const DEMO_SECRET = 'demo-app-secret';
const NUMBER_ID = '106540352242922';

/** A webhook with text messages, as Meta would send it. */
export function textWebhook(
  messages: { id: string; from: string; text: string; name?: string; at?: number }[],
): string {
  const value = {
    messaging_product: 'whatsapp',
    metadata: { display_phone_number: '15550783881', phone_number_id: NUMBER_ID },
    contacts: messages.map(({ from, name = 'Somebody' }) => ({ profile: { name }, wa_id: from })),
    messages: messages.map(({ id, from, text, at = Date.now() }) => ({
      from,
      id,
      timestamp: String(Math.floor(at / 1000)),
      type: 'text',
      text: { body: text },
    })),
  };
  const entry = [{ id: '102290129340398', changes: [{ field: 'messages', value }] }];
  return JSON.stringify({ object: 'whatsapp_business_account', entry });
}

/** Posts a body with its signature. */
export async function postWebhook(gatewayUrl: string, body: string, secret = DEMO_SECRET): Promise<Response> {
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return fetch(`${gatewayUrl}/webhooks/whatsapp`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-hub-signature-256': `sha256=${signature}` },
    body,
  });
}
