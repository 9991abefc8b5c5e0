// A gRPC client without a socket: requests and answers pass through the contract's bytes to the controller and back.
import { AppError } from '@parley/errors';

/**
 * @param {Record<string, { requestSerialize: Function, requestDeserialize: Function, responseSerialize: Function, responseDeserialize: Function }>} service
 * @param {object} controller
 * @param {{ before?: (method: string) => void, after?: (method: string, answer: any) => any }} [options] `before` may throw
 *   what the call is to end with, `after` may change the answer
 */
export function inProcess(service, controller, { before = () => undefined, after = (_, answer) => answer } = {}) {
  const methods = Object.entries(service).map(([method, definition]) => [
    method,
    async (request) => {
      before(method);
      try {
        const received = definition.requestDeserialize(definition.requestSerialize(request));
        const answer = await controller[method](received);
        return definition.responseDeserialize(definition.responseSerialize(after(method, answer)));
      } catch (thrown) {
        throw AppError.from(thrown);
      }
    },
  ]);
  return { ...Object.fromEntries(methods), close: () => undefined };
}
