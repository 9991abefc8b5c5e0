import { chromium } from 'playwright-core';
import sparticuz from '@sparticuz/chromium';
const browser = await chromium.launch({
  executablePath: await sparticuz.executablePath(),
  args: ['--no-sandbox'],
  headless: true,
});
const base = process.argv[2] ?? 'http://127.0.0.1:18081';
for (const scheme of ['light', 'dark']) {
  const ctx = await browser.newContext({ viewport: { width: 1360, height: 820 }, colorScheme: scheme });
  const page = await ctx.newPage();
  page.on('console', (m) => ['error', 'warning'].includes(m.type()) && console.log(scheme, m.type(), m.text()));
  page.on('pageerror', (e) => console.log('pageerror', e.message));
  await page.goto(base);
  await page.getByTestId('sign-in-email').waitFor();
  await page.screenshot({ path: `/tmp/shots/${scheme}-1-signin.png` });
  await page.getByTestId('sign-in-email').fill('agent@example.com');
  await page.getByTestId('sign-in-password').fill('wrong');
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('sign-in-problem').getByText('wrong').waitFor();
  await page.screenshot({ path: `/tmp/shots/${scheme}-2-wrong.png` });
  await page.getByTestId('sign-in-password').fill('parley-demo');
  await page.getByTestId('sign-in-submit').click();
  await page.getByTestId('conversation-c-maya').waitFor();
  await page.screenshot({ path: `/tmp/shots/${scheme}-3-list.png` });
  await page.getByTestId('conversation-c-maya').click();
  await page.getByTestId('bubble-bot').first().waitFor();
  await page.screenshot({ path: `/tmp/shots/${scheme}-4-maya.png` });
  await page.getByTestId('conversation-c-tom').click();
  await page.getByText('cancel order 1250').last().waitFor();
  await page.screenshot({ path: `/tmp/shots/${scheme}-5-tom.png` });
  if (scheme === 'light') {
    await page.getByTestId('conversation-c-diego').click();
    await page.getByText('Eso mismo').waitFor();
    await page.getByTestId('take-over').click();
    await page.getByTestId('hand-back').waitFor();
    await page.getByTestId('reply-input').fill('Hola Diego, soy Ana.\nLo miro ahora mismo.');
    await page.getByTestId('reply-input').press('Enter');
    await page.getByTestId('bubble-agent').waitFor();
    await page.getByTestId('reply-input').fill('Una línea\ny otra\ny otra más');
    await page.screenshot({ path: `/tmp/shots/${scheme}-6-diego.png` });
  } else {
    await page.getByTestId('conversation-c-layla').click();
    await page.getByText('أحتاجه اليوم').last().waitFor();
    await page.screenshot({ path: `/tmp/shots/${scheme}-6-layla.png` });
  }
  await page.setViewportSize({ width: 420, height: 780 });
  await page.screenshot({ path: `/tmp/shots/${scheme}-7-phone.png` });
  await ctx.close();
}
await browser.close();
