import { renderSend } from './render.js';
import { checkAgainstTemplate } from './template-validation.js';
import { fillVariables, Templates, variablesOf } from './templates.js';

const components = [
  { type: 'BODY', text: 'Hi {{1}}, order {{2}} is ready.' },
  { type: 'BUTTONS', buttons: [{ type: 'QUICK_REPLY', text: 'Stop' }] },
];
const ready = { name: 'order_ready', language: 'de', category: 'utility', components };
const send = (...texts: string[]) => ({
  name: 'order_ready',
  language: { code: 'de' },
  components: [{ type: 'body', parameters: texts.map((text) => ({ type: 'text', text })) }],
});

const refusal = (code: number): Error => expect.objectContaining({ code }) as Error;

describe('templates', () => {
  const templates = new Templates();
  beforeEach(() => templates.reset());

  it('are there by name and language, with no fallback', () => {
    templates.create(ready, 'APPROVED');
    expect(templates.find('order_ready', 'de')?.category).toBe('UTILITY');
    expect(templates.find('order_ready', 'de_DE')).toBeUndefined();
    expect(() => templates.create(ready, 'APPROVED')).toThrow();
  });

  it.each([
    ['upper case', { ...ready, name: 'Order' }],
    ['no category', { ...ready, category: 'chat' }],
    ['nothing in it', { ...ready, components: [] }],
    ['a variable at the end', { ...ready, components: [{ type: 'BODY', text: 'Hello {{1}}' }] }],
    ['a footer of 61', { ...ready, components: [{ type: 'FOOTER', text: 'x'.repeat(61) }] }],
  ])('are refused with %s', (_, body) => {
    expect(() => templates.create(body, 'APPROVED')).toThrow(refusal(100));
  });

  it('check a send against what they hold', () => {
    const template = templates.create(ready, 'APPROVED');
    const failing = (sent: ReturnType<typeof send>, status: string): (() => void) => {
      return () => checkAgainstTemplate(sent, { ...template, status });
    };
    expect(failing(send('Bo', '1234'), 'APPROVED')).not.toThrow();
    expect(failing(send('Bo'), 'APPROVED')).toThrow(refusal(132000));
    expect(failing(send('Bo', '1'), 'PAUSED')).toThrow(refusal(132015));
    expect(failing(send('Bo', '1'), 'DISABLED')).toThrow(refusal(132016));
    expect(failing(send('Bo', '1'), 'PENDING')).toThrow(refusal(132001));
    expect(() => checkAgainstTemplate(send('Bo'), undefined)).toThrow(refusal(132001));
  });

  it('are shown with their parameters filled in', () => {
    const template = templates.create(ready, 'APPROVED');
    expect(renderSend('template', send('Bo', '1234'), template)).toMatchObject({
      text: 'Hi Bo, order 1234 is ready.',
      buttons: [{ id: 'Stop', title: 'Stop', kind: 'template' }],
    });
    expect(fillVariables('Hi {{name}}', [{ parameter_name: 'name', text: 'Bo' }])).toBe('Hi Bo');
    expect(variablesOf('{{1}} {{2}} {{1}}')).toEqual(['1', '2']);
  });
});
