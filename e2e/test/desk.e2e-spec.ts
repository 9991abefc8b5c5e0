import { eventually } from '@parley/testing';
import chromium from '@sparticuz/chromium';
import { chromium as playwright, type Browser, type Page } from 'playwright-core';
import { System } from '../src/system.js';

const CHLOE = '447700900112';
const PATIENCE = { timeout: 20_000 };

describe('the desk, with a customer on one side and an agent on the other', () => {
  let system: System;
  let browser: Browser;
  let phone: Page;
  let desk: Page;
  /** Whatever the two pages complained about: a policy that was broken, a script that failed. */
  const complaints: string[] = [];

  /** Bubbles of Parley's on the phone when the agent took over. */
  let said = 0;

  const openPage = async (url: string): Promise<Page> => {
    const page = await (await browser.newContext({ viewport: { width: 1360, height: 820 } })).newPage();
    page.setDefaultTimeout(PATIENCE.timeout);
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) complaints.push(message.text());
    });
    await page.goto(url);
    return page;
  };
  const write = async (text: string): Promise<void> => {
    await phone.getByTestId('message-input').fill(text);
    await phone.getByTestId('send-button').click();
  };
  const row = () => desk.locator('[data-testid^="conversation-"]');
  const agentBubble = (text: string) => desk.getByTestId('bubble-agent').filter({ hasText: text });

  beforeAll(async () => {
    system = await System.start();
    browser = await playwright.launch({
      executablePath: await chromium.executablePath(),
      args: ['--no-sandbox'],
      headless: true,
    });
    phone = await openPage(system.simulatorUrl);
    desk = await openPage(system.deskUrl);
    await phone.getByTestId(`customer-${CHLOE}`).click();
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await system?.dispose();
  }, 60_000);

  it('lets nobody in with a wrong password', async () => {
    await desk.getByTestId('sign-in-email').fill('agent@example.com');
    await desk.getByTestId('sign-in-password').fill('not the password');
    await desk.getByTestId('sign-in-submit').click();
    await desk.getByTestId('sign-in-problem').getByText('wrong').waitFor();
  }, 60_000);

  it('lets the agent in, and shows no script the session', async () => {
    await desk.getByTestId('sign-in-password').fill('parley-demo');
    await desk.getByTestId('sign-in-submit').click();
    await desk.getByTestId('filter-waiting').waitFor();
    expect(await desk.evaluate('document.cookie')).toBe('');
    await desk.getByText('Live', { exact: true }).waitFor();
  }, 60_000);

  it('shows a customer who asks for a person, as it happens', async () => {
    await desk.getByTestId('filter-waiting').click();
    expect(await row().count()).toBe(0);
    await write('I want to talk to a person');
    await phone.getByTestId('bubble-in').first().waitFor();
    await row().waitFor();
    expect(await row().getAttribute('data-state')).toBe('queued');
    await eventually(async () => expect(await desk.title()).toBe('(1) Parley Desk'));
  }, 60_000);

  it('takes no reply before somebody has taken over', async () => {
    await row().click();
    await desk.getByTestId('bubble-customer').filter({ hasText: 'I want to talk to a person' }).waitFor();
    await desk.getByTestId('bubble-bot').first().waitFor();
    expect(await desk.getByTestId('reply-input').isDisabled()).toBe(true);
  }, 60_000);

  it('keeps the bot quiet once an agent has taken over', async () => {
    await desk.getByTestId('take-over').click();
    await desk.getByTestId('hand-back').waitFor();
    const before = await phone.getByTestId('bubble-in').count();
    await write('Track order 1234');
    await desk.getByTestId('bubble-customer').filter({ hasText: 'Track order 1234' }).waitFor();
    expect(await phone.getByTestId('bubble-in').count()).toBe(before);
    said = before;
  }, 60_000);

  it('carries a reply to the phone, once, and the ticks back', async () => {
    await desk.getByTestId('reply-input').fill('Hello, this is a person.');
    await desk.getByTestId('reply-input').press('Shift+Enter');
    await desk.getByTestId('reply-input').pressSequentially('How can I help?');
    await desk.getByTestId('reply-input').press('Enter');
    const received = phone.getByTestId('bubble-in').filter({ hasText: 'Hello, this is a person.' });
    await received.waitFor();
    expect(await received.textContent()).toContain('How can I help?');
    // One customer's messages arrive in order: had the bot said something, it would be there by now.
    expect(await phone.getByTestId('bubble-in').count()).toBe(said + 1);
    await eventually(
      async () => expect(await agentBubble('this is a person').getAttribute('data-status')).toBe('read'),
      { timeoutMs: PATIENCE.timeout },
    );
    expect(await received.count()).toBe(1);
    expect(await agentBubble('this is a person').count()).toBe(1);
    expect(await desk.getByTestId('draft').count()).toBe(0);
  }, 60_000);

  it('keeps a reply that could not be sent, and sends it once when tried again', async () => {
    const replies = '**/api/conversations/*/reply';
    // The first attempt reaches the server and its answer is lost; the others get nowhere.
    let attempts = 0;
    await desk.route(replies, async (route) => {
      attempts += 1;
      if (attempts === 1) await route.fetch();
      await route.abort();
    });
    await desk.getByTestId('reply-input').fill('Your parcel is on its way.');
    await desk.getByTestId('reply-send').click();
    await desk.getByTestId('reply-retry').waitFor();
    expect(attempts).toBe(3);
    await desk.unroute(replies);
    await desk.getByTestId('reply-retry').click();
    await agentBubble('Your parcel').waitFor();
    await desk.getByTestId('draft').waitFor({ state: 'detached' });
    await phone.getByTestId('bubble-in').filter({ hasText: 'Your parcel' }).waitFor();
    expect(await agentBubble('Your parcel').count()).toBe(1);
    expect(await phone.getByTestId('bubble-in').filter({ hasText: 'Your parcel' }).count()).toBe(1);
  }, 60_000);

  it('goes on when the desk has been started again', async () => {
    const [pid] = await system.pidsOf('desk');
    process.kill(pid ?? 0, 'SIGKILL');
    await desk.getByText('Reconnecting').waitFor();
    await desk.getByText('Live', { exact: true }).waitFor();
    await write('Thank you!');
    await desk.getByTestId('bubble-customer').filter({ hasText: 'Thank you!' }).waitFor();
  }, 90_000);

  it('gives the conversation back to the bot, which answers again', async () => {
    const before = await phone.getByTestId('bubble-in').count();
    await desk.getByTestId('hand-back').click();
    await desk.getByTestId('take-over').waitFor();
    await write('Track order 1234');
    await phone.getByTestId('bubble-in').nth(before).waitFor();
    expect(await desk.getByTestId('reply-input').isDisabled()).toBe(true);
  }, 60_000);

  it('lets the agent out, and the back button does not let anybody in', async () => {
    await desk.getByTestId('sign-out').click();
    await desk.getByTestId('sign-in-email').waitFor();
    await desk.reload();
    await desk.getByTestId('sign-in-email').waitFor();
    expect(await desk.getByTestId('transcript').count()).toBe(0);
  }, 60_000);

  it('broke no policy and threw nothing on the way', () => {
    expect(complaints).toEqual([]);
  });
});
