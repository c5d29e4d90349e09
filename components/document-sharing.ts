/** AWS's quota "Privately shared Systems Manager document": accounts per document and Region. */
export const maxAccounts = 1000;

/** Sorted: AWS answers in an order of its own, and any other order would show as a change. */
export const sharing = (accounts: readonly string[]) =>
  accounts.length > 0 ? { type: "Share", account_ids: [...accounts].sort().join(",") } : undefined;
