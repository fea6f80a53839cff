// What one client of the OPC UA server can have of it. The manual prints these; what a plant may set is in its file.

export const clientLimits = {
  /** A connection that has no session after this time is closed, s. */
  withoutSessionMaxS: 20,
  /** Connections without a session from one address. */
  withoutSessionMax: 16,
  /** The longest message, and what a client may leave unread, bytes. */
  messageMaxBytes: 8 * 1024 * 1024,
  unreadMaxBytes: 16 * 1024 * 1024,
  /** Subscriptions of a session, and of all sessions together. */
  subscriptionsPerSession: 10,
  subscriptionsMax: 100,
  /** Items of a subscription, and of all subscriptions together. */
  itemsPerSubscription: 30_000,
  itemsMax: 100_000,
  /** A session that says nothing ends after this time at the latest, and frees what was kept for it, s. */
  sessionTimeoutMaxS: 120,
  /** Publishing intervals, ms. */
  publishingMinMs: 100,
  publishingMaxMs: 30_000,
  /** A subscription without news says so after this time at the latest, s. */
  keepAliveMaxS: 40,
  /** A subscription that nobody fetches ends after this time, s; at intervals above 20 s after six of them. */
  lifetimeMaxS: 120,
  /** Values that are kept for one item until they are fetched, and for all items of a session, about. */
  queueMax: 100,
  queuedMax: 50_000,
  /** Events that are kept for one item. */
  eventsMax: 1_000,
  /** What all clients together may take of the memory before the one that takes most has to go, bytes. */
  memoryMaxBytes: 512 * 1024 * 1024,
} as const
