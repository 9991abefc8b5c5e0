/** Intents that the intent service knows by itself; a business adds its own in `content/intents`. */
export const BUILT_IN_INTENTS: ReadonlySet<string> = new Set(
  `account_help affirm cancel_order change_address change_order check_stock complaint confirm_order csat_rating delivery_info
  delivery_period deny goodbye greeting invoice_request language_change list_orders oos opt_in opt_out payment_info payment_issue
  place_order product_info promo_info refund_request reserve_item return_item sales_inquiry store_info talk_to_human thanks
  track_order track_refund work_order_update`.split(/\s+/),
);
