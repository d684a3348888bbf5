/**
 * Like a boolean attribute of HTML, but `="false"` is false: frameworks write that for an attribute whose value is false,
 * and so do people.
 */
export const booleanAttribute = {
  converter: (value: string | null): boolean => value !== null && value !== 'false',
};
