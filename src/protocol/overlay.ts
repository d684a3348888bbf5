/** Any subset of settings, at any depth. */
export type Parts<Whole> = Whole extends object ? { [Key in keyof Whole]?: Parts<Whole[Key]> } : Whole;

/**
 * Merges an integrator's overrides into the defaults, at any depth. `undefined` means “not set”, as for a parameter. So
 * does `null`, which frameworks bind until there is a value.
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
