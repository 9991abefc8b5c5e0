import { command } from '../src/command.js';

const BUS = process.env['PARLEY_E2E_BUS'] === 'kafka' ? 'kafka' : 'embedded';

describe('races between two replicas each of gateway and conversation-service', () => {
  it('end with one answer and one entry for each message, and one conversation for each customer', async () => {
    const short = ['--deliveries', '3000', '--wamids', '6', '--newcomers', '48', '--bus', BUS];
    const { code, output } = await command({ env: {} }, 'races', ...short);
    expect(output).toContain('Every race ended right.');
    expect(code).toBe(0);
  }, 300_000);
});
