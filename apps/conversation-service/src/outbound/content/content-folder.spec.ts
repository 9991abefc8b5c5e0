import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContent, readContent } from './content-folder.js';

const original = join(import.meta.dirname, '../../../../../content');

describe('content folder', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'parley-content-'));
    cpSync(original, folder, { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const change = (file: string, from: string, to: string): void => {
    const before = readFileSync(join(folder, file), 'utf8');
    expect(before).toContain(from);
    writeFileSync(join(folder, file), before.replace(from, to));
  };
  const messages = async (): Promise<string[]> =>
    (await readContent(folder)).problems.map(({ file, line, message }) => `${file}:${line} ${message}`);

  const track = 'flows/track-order.yaml';
  const cancel = 'flows/cancel-order.yaml';
  const german = 'replies/de.yaml';
  it.each([
    ['a confidence for an intent that no flow answers', 'business.yaml', 'track_order: 0.35', 'trak_order: 0.35', /business\.yaml:\d+ no flow answers the intent "trak_order"/],
    ['a number that speaks what nobody has written', 'business.yaml', 'language: en\n', 'language: en\nnumbers: { "12": { language: xx } }\n', /business\.yaml:\d+ there is no replies\/xx\.yaml/],
    ['a number that is none', 'business.yaml', 'language: en\n', 'language: en\nnumbers: { "+12": { language: es } }\n', /must match pattern|property name/],
    ['a confidence above one', 'business.yaml', 'track_order: 0.35', 'track_order: 35', /business\.yaml:\d+ .*must be <= 1/],
    ['a confidence without default', 'business.yaml', '  default: 0.5\n', '', /must have required property 'default'/],
    ['broken YAML', track, 'version: 1', 'version: [1', /track-order\.yaml:\d+ /],
    ['an unknown key', track, 'version: 1', 'version: 1\ncolour: red', /unknown key "colour": remove it or correct its name/],
    ['no version', track, 'version: 1\n', '', /must have required property 'version'/],
    ['waiting', track, '    as: task', '    as: task\n    wait: { for: P1D }', /"wait" is not supported yet/],
    ['an undefined reply', track, 'reply: order-status', 'reply: order-state', /reply "order-state" does not exist/],
    ['an undefined slot in an expression', track, 'number: =slots.order', 'number: =slots.ordre', /slot "ordre" is not known here/],
    ['an undefined slot that is asked', track, 'ask: order }', 'ask: ordre }', /slot "ordre" is not declared/],
    ['a result before its call', track, 'number: =slots.order', 'number: =order.number', /"order" is not known here/],
    ['an unknown operation', track, 'call: erp.getOrder', 'call: erp.getOrdre', /"erp\.getOrdre" is no operation: use one of/],
    ['an unknown argument', track, 'with: { open: true, limit: 10 }', 'with: { open: true, max: 10 }', /has no argument "max"/],
    ['a missing argument', track, 'with: { number: =slots.order }', 'with: {}', /needs "number"/],
    ['a wrong type', track, 'limit: 10', 'limit: ten', /"limit" must be a number/],
    ['an identity of its own choice', track, 'number: =slots.order', 'number: =slots.order, customerIds: [c-1]', /fills in "customerIds" itself/],
    ['destruction unasked', cancel, '    confirm: cancel-confirm\n    declined: { reply: order-kept }\n', '', /cannot be undone: ask first/],
    ['a confirmation without buttons', cancel, 'confirm: cancel-confirm', 'confirm: order-kept', /needs the buttons yes and no/],
    ['an answer before what is written', 'flows/opt-out.yaml', 'steps:\n', 'steps:\n  - { id: early, reply: opted-out }\n', /"consent\.record" must come before step "early"/],
    ['a choice without else', track, '{ else: true, reply: order-status }', '{ if: =true, reply: order-status }', /the last branch must be "else: true"/],
    ['a way into silence', cancel, '  - id: done\n    reply: order-cancelled\n', '', /a customer may get no answer/],
    ['a refused function', track, '$exists(order.arrives)', '$now() > order.arrives', /\$now may not be used/],
    ['an aliased refused function', track, '$exists(order.arrives)', '($f := $eval; $f("1"))', /\$eval may not be used/],
    ['a regular expression', track, '=$exists(order.arrives)', '"=$match(order.number, /(a+)+$/)"', /regular expressions may not be used/],
    ['a syntax error', track, '$exists(order.arrives)', '$exists(order.arrives', /cannot be read/],
    ['a missing key', german, '  order-kept: In Ordnung, Ihre Bestellung {number} bleibt, wie sie ist.\n', '', /reply "order-kept" is missing/],
    ['another argument', german, 'Bestellung {number} bleibt', 'Bestellung {status} bleibt', /uses \{status\}, but en uses \{number\}/],
    ['an unknown argument of a text', german, 'Bestellung {number} bleibt', 'Bestellung {nummer} bleibt', /\{nummer\} is not in arguments\.yaml/],
    ['broken ICU', german, 'Bestellung {number} bleibt', 'Bestellung {number bleibt', /is not ICU MessageFormat/],
    ['a long button', german, 'Nein, behalten', 'Nein, lieber doch behalten', /button "no" can get 26 characters long, WhatsApp takes 20/],
    ['a long choice', german, 'opt_out: Keine Nachrichten', 'opt_out: Keine weiteren Nachrichten', /choice "opt_out" can get 26 characters long, WhatsApp takes 20/],
    ['a choice that no flow answers', german, 'opt_out: Keine Nachrichten', 'opt_aut: Keine Nachrichten', /no flow answers the intent "opt_aut"/],
    ['a missing choice', german, '      opt_out: Keine Nachrichten\n', '', /"choices.opt_out" is missing: en has it/],
    ['a missing button', german, "      'no': Nein, behalten\n", '', /"buttons.no" is missing|needs the buttons/],
    ['an unused reply', german, 'replies:\n', 'replies:\n  extra: Nichts.\n', /no flow uses reply "extra"/],
    ['an intent that nobody knows', cancel, '[cancel_order]', '[cancel_order, cancel_ordr]', /cancel-order\.yaml:\d+ intent "cancel_ordr" is not known: correct its name, or teach it by examples in intents\/cancel-ordr\.yaml/],
    ['an unknown intent in the routing', 'routing.yaml', '[work_order_update]', '[work_ordr]', /routing\.yaml:\d+ intent "work_ordr" is not known/],
    ['an intent twice', cancel, '[cancel_order]', '[cancel_order, track_order]', /belongs to flow/],
    ['a routing without an end', 'routing.yaml', '\n- team: service\n  priority: normal', '', /the last rule must have no "when"/],
    ['wrong opening hours', 'business.yaml', "['10:00', '16:00']", "['16:00', '10:00']", /is not before/],
  ])('refuses %s', async (_what, file, from, to, expected) => {
    change(file, from, to);
    expect((await messages()).join('\n')).toMatch(expected);
  });

  describe('own intents', () => {
    const examples = `examples: [${Array.from({ length: 5 }, (_, at) => `engrave it ${'so '.repeat(at)}`).join(', ')}]`;
    const teach = (name: string, text: string): void => {
      mkdirSync(join(folder, 'intents'), { recursive: true });
      writeFileSync(join(folder, 'intents', `${name}.yaml`), text);
    };

    it('are known to flows, and are kept with the version', async () => {
      const { version } = await loadContent(folder);
      teach('engraving', `intent: engraving\n${examples}\n`);
      change(cancel, '[cancel_order]', '[cancel_order, engraving]');
      expect(await messages()).toEqual([]);
      const taught = await loadContent(folder);
      expect(taught.version).not.toBe(version);
      expect(taught.toJSON().intents?.map(({ intent }) => intent)).toEqual(['engraving']);
    });

    it('must have a name of their own, and five examples', async () => {
      teach('a', `intent: cancel_order\n${examples}\n`);
      teach('b', `intent: engraving\n${examples}\n`);
      teach('c', `intent: engraving\n${examples}\n`);
      expect(await messages()).toEqual([
        expect.stringMatching(/^intents\/a\.yaml:1 "cancel_order" is an intent that Parley has/),
        expect.stringMatching(/^intents\/c\.yaml:1 intent "engraving" exists twice/),
      ]);
      teach('b', 'intent: engraving\nexamples: [one]\n');
      expect(await messages()).toEqual([expect.stringMatching(/^intents\/b\.yaml:2 "examples" must NOT have fewer than 5 items/)]);
    });
  });

  it('names the file and the line', async () => {
    change(track, 'reply: order-status', 'reply: order-state');
    const line = readFileSync(join(folder, track), 'utf8').split('\n').findIndex((text) => text.includes('order-state')) + 1;
    expect(await messages()).toContainEqual(expect.stringMatching(`^${track}:${line} reply "order-state"`));
  });

  it('keeps the version as long as nothing changes', async () => {
    const first = await loadContent(folder);
    expect(await loadContent(folder, first)).toBe(first);
    change(german, 'In Ordnung', 'Gut');
    const second = await loadContent(folder, first);
    expect(second.version).not.toBe(first.version);
  });

  it('still has the flow a conversation began with', async () => {
    const first = await loadContent(folder);
    change(track, 'version: 1', 'version: 2');
    const second = await loadContent(folder, first);
    expect(second.running('track-order@1')?.version).toBe(1);
    expect(second.running('track-order@2')?.version).toBe(2);
    expect(second.running('track-order@7')?.version).toBe(2);
  });

  it('says what is wrong when it cannot be used', async () => {
    change(track, 'reply: order-status', 'reply: order-state');
    await expect(loadContent(folder)).rejects.toThrow(/track-order\.yaml:\d+ reply "order-state" does not exist/);
  });
});
