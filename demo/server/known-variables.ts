/** Refuses unknown variables: with a mistyped name, the service would run differently from what was intended. */
import { SERVICE_VARIABLES, type Source } from './environment.js';
import { JUDGE_VARIABLES } from './judge/configure.js';

/** The back end in `docs/back-end.md` reads these, and it may be started from the same environment. */
const BACK_END_VARIABLES = ['LIVENESS_URL', 'LIVENESS_API_KEY'];

const KNOWN = [...SERVICE_VARIABLES, ...JUDGE_VARIABLES, ...BACK_END_VARIABLES];

/**
 * Kubernetes sets such variables in every container if one of its services is named `liveness` or `liveness-…`:
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
const OF_KUBERNETES = /_(SERVICE_HOST|SERVICE_PORT|PORT)(_|$)/;

/**
 * @throws an error that names the set, unknown variables that begin with `LIVENESS_`; an empty variable counts as unset
 */
export function refuseUnknown(source: Source): void {
  const unknown = Object.keys(source).filter(
    (name) => name.startsWith('LIVENESS_') && source[name] && !KNOWN.includes(name) && !OF_KUBERNETES.test(name),
  );
  if (unknown.length > 0)
    throw new Error(`the service knows no variable named ${unknown.join(', ')}: docs/service.md lists the known names`);
}
