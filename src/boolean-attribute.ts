/** Like a boolean attribute of HTML, except that `="false"` means false: frameworks and people write that. */
export const booleanAttribute = {
  converter: (value: string | null): boolean => value !== null && value !== 'false',
};
