/** Any part of settings, to any depth. */
export type Parts<Whole> = Whole extends object ? { [Key in keyof Whole]?: Parts<Whole[Key]> } : Whole;

/**
 * Lays what an integrator sets over the defaults, to any depth. `undefined` is “not set”, as in a parameter, and so is
 * `null`: frameworks bind it until there is a value.
 */
export function overlay<Settings extends object>(defaults: Settings, overrides: object | null | undefined): Settings {
  const merged = { ...defaults } as Record<string, unknown>;
  for (const [key, value] of Object.entries(overrides ?? {})) {
    const base = merged[key];
    if (value !== undefined && value !== null)
      merged[key] = isGroup(base) && isGroup(value) ? overlay(base, value) : value;
  }
  return merged as Settings;
}

function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
