import { compact, type JsonObject } from './json.js';

interface ErrorKind {
  title: string;
  /** HTTP status of the answer that carries it. */
  http: number;
  type?: string;
  transient?: boolean;
}

/** Every error code the simulator can produce or be told to produce; titles and statuses as Meta documents them. */
export const ERROR_KINDS: Readonly<Record<number, ErrorKind>> = {
  0: { title: 'AuthException', http: 401 },
  1: { title: 'An unknown error occurred', http: 400, transient: true },
  2: { title: 'Service temporarily unavailable', http: 503, transient: true },
  3: { title: 'Application does not have the capability to make this API call', http: 500 },
  4: { title: 'Application request limit reached', http: 400, transient: true },
  10: { title: 'Application does not have permission for this action', http: 403 },
  33: { title: 'The business phone number has been deleted', http: 400 },
  100: { title: 'Invalid parameter', http: 400 },
  190: { title: 'Invalid OAuth access token - Cannot parse access token', http: 401 },
  200: { title: 'You do not have the necessary permissions', http: 403 },
  368: { title: 'Temporarily blocked for policies violations', http: 403 },
  613: { title: 'Calls to this api have exceeded the rate limit', http: 400, transient: true },
  80007: { title: 'Rate limit issues', http: 400, transient: true },
  130429: { title: 'Rate limit hit', http: 429 },
  130472: { title: "User's number is part of an experiment", http: 400 },
  130497: { title: 'Business account is restricted from messaging users in this country', http: 403 },
  131000: { title: 'Something went wrong', http: 500 },
  131005: { title: 'Access denied', http: 403 },
  131008: { title: 'Required parameter is missing', http: 400 },
  131009: { title: 'Parameter value is not valid', http: 400 },
  131016: { title: 'Service unavailable', http: 500 },
  131020: { title: 'Group has only one member', http: 400 },
  131021: { title: 'Recipient cannot be sender', http: 400 },
  131026: { title: 'Message undeliverable', http: 400 },
  131030: { title: 'Recipient phone number not in allowed list', http: 400 },
  131031: { title: 'Account has been locked', http: 403 },
  131037: { title: 'WhatsApp provided number needs display name approval before message can be sent', http: 400 },
  131042: { title: 'Business eligibility payment issue', http: 400 },
  131044: { title: 'Business eligibility payment issue', http: 400 },
  131045: { title: 'Incorrect certificate', http: 500 },
  131047: { title: 'Re-engagement message', http: 400 },
  131048: { title: 'Spam rate limit hit', http: 400 },
  131049: { title: 'This message was not delivered to maintain healthy ecosystem engagement', http: 400 },
  131050: { title: 'User has stopped marketing messages from this business', http: 400 },
  131051: { title: 'Unsupported message type', http: 400 },
  131052: { title: 'Media download error', http: 400 },
  131053: { title: 'Media upload error', http: 400 },
  131055: { title: 'Method not allowed', http: 400 },
  131056: { title: '(Business Account, Consumer Account) pair rate limit hit', http: 400 },
  131057: { title: 'Account in maintenance mode', http: 500 },
  131060: { title: 'This message is currently unavailable', http: 400 },
  131062: { title: 'Business-scoped user id recipient is not allowed for this message', http: 400 },
  131063: { title: 'Marketing templates are not allowed on this endpoint', http: 400 },
  131064: { title: 'Rate limit issues due to template misclassification', http: 400 },
  132000: { title: 'Number of parameters does not match the expected number of params', http: 400 },
  132001: { title: 'Template name does not exist in the translation', http: 404 },
  132005: { title: 'Translated text too long', http: 400 },
  132007: { title: 'Template content violates policy', http: 400 },
  132008: { title: 'Parameter value violates format policy', http: 400 },
  132012: { title: 'Parameter format does not match format in the created template', http: 400 },
  132015: { title: 'Template is paused', http: 400 },
  132016: { title: 'Template is disabled', http: 400 },
  132018: { title: 'There was an issue with the parameters of the template', http: 400 },
  132068: { title: 'Flow is blocked', http: 400 },
  132069: { title: 'Flow is throttled', http: 400 },
  133004: { title: 'Server temporarily unavailable', http: 503 },
  133010: { title: 'Phone number not registered', http: 400 },
  133016: { title: 'Account register deregister rate limit exceeded', http: 400 },
  135000: { title: 'Generic user error', http: 400 },
  137000: { title: 'Recipient identity key hash mismatch', http: 400 },
};

interface Extra {
  http?: number;
  subcode?: number;
  /** Replaces the usual title in `message`. */
  message?: string;
  userTitle?: string;
  userMessage?: string;
}

/** Thrown when a Graph call is refused the way Meta would; becomes Meta's error body at the HTTP edge. */
export class GraphFailure extends Error {
  readonly http: number;

  constructor(
    readonly code: number,
    readonly details: string | undefined = undefined,
    private readonly extra: Extra = {},
  ) {
    super(extra.message ?? titleOf(code));
    this.name = 'GraphFailure';
    this.http = extra.http ?? ERROR_KINDS[code]?.http ?? 400;
  }

  /** The body exactly as Graph shapes it. */
  toBody(traceId: string): JsonObject {
    const { subcode, userTitle, userMessage } = this.extra;
    const error = compact({
      message: this.isAboutAccess() ? this.message : `(#${this.code}) ${this.message}`,
      type: ERROR_KINDS[this.code]?.type ?? 'OAuthException',
      code: this.code,
      error_data: this.details === undefined ? undefined : { messaging_product: 'whatsapp', details: this.details },
      error_subcode: subcode,
      is_transient: ERROR_KINDS[this.code]?.transient,
      error_user_title: userTitle,
      error_user_msg: userMessage,
      fbtrace_id: traceId,
    });
    return { error };
  }

  /** Errors about the token or the object in the path come without the code in front. */
  private isAboutAccess(): boolean {
    return this.code === 190 || this.code === 0 || this.extra.subcode === 33;
  }
}

function titleOf(code: number): string {
  return ERROR_KINDS[code]?.title ?? 'Something went wrong';
}

/** The same error as it appears in `statuses[].errors[]` of a webhook. */
export function statusError(code: number, details?: string): JsonObject {
  const title = titleOf(code);
  return {
    code,
    title,
    message: title,
    error_data: { details: details ?? title },
    href: 'https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/',
  };
}

/** The object in the path does not exist or is not the caller's: Graph does not say which. */
export function noSuchObject(method: string, id: string): GraphFailure {
  const message =
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing ` +
    'permissions, or does not support this operation';
  return new GraphFailure(100, undefined, { subcode: 33, message });
}
