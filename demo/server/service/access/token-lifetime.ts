/** How long a session token may live, in seconds: `authTokenTimeToLiveInSeconds` of the Face API. */
export const TOKEN_LIFETIME_SECONDS = { min: 60, max: 86_400, default: 600 } as const;
