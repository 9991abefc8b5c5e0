// A system with customers around it, ready to be measured, and taken down whatever happens.
import { startCustomers } from './customers.mjs';
import { loadOrders } from './orders.mjs';
import { startSystem } from './system.mjs';

/** Enough that at 2,500 messages a second nobody writes more often than once in six seconds. */
const CUSTOMERS = 20_000;
const WARM_UP = { rate: 50, seconds: 8 };

/**
 * @param {{ bus: string, numbers?: number, customers?: number, statuses?: number, warmUp?: { rate: number, seconds: number }, env?: Record<string, string> }} options
 * @param {(stage: { system: any, customers: any }) => Promise<any>} body
 */
export async function onStage(
  { bus, numbers = 3, customers: count = CUSTOMERS, statuses = 2, env, warmUp = WARM_UP },
  body,
) {
  const customers = await startCustomers({ numbers, customers: count, statuses });
  let system;
  try {
    system = await startSystem({ bus, numbers, graphUrl: customers.graphUrl, env });
    await loadOrders(system, count);
    await customers.target(system.gatewayPort);
    await customers.offer(warmUp);
    return await body({ system, customers });
  } finally {
    await system?.stop();
    customers.stop();
  }
}
